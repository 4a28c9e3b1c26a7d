-- title: Claims about a concept
-- description: Every claim that names a procedure, approach, tumour, measure, scale or any other concept of the vocabulary (embolization, ECOG_performance_status, vena_cava_injury ...); see the concepts table for ids.
-- example: concept=embolization
select claims.kind, claims.subkind, claims.assertion, claims.temporality, claims.basis, claims.attribution, claims.polarity,
  claims.strength_wording, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.measure = :concept
  or claims.claim_id in (select claim_id from claim_concepts where concept_id = :concept and inherited = 0)
order by claims.kind, articles.year desc, articles.article_id, claims.start
