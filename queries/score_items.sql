-- title: Items of a prognostic score
-- description: The items, points and range of a score as a source defines it, and what the same passage says is not an item; an empty scale shows all.
-- example: scale=
select claims.kind, claims.assertion, claims.focus, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.subkind = 'prognostic' and (:scale = '' or exists (
  select 1 from claims as other join claim_concepts using (claim_id)
  where other.article_id = claims.article_id and other.section = claims.section
    and claim_concepts.concept_id = :scale))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
