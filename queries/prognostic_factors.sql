-- title: Prognostic factors and scores
-- description: What is said to decide, or not to decide, the outlook: factors, scores with their points, and scales.
select claims.assertion, claims.direction, claims.display, claims.focus,
  (select group_concat(concepts.label, '; ') from claim_concepts join concepts using (concept_id)
    where claim_concepts.claim_id = claims.claim_id and claim_concepts.facet = 'scales') as scales,
  claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.subkind = 'prognostic'
  or claims.claim_id in (select claim_id from claim_concepts where facet = 'scales' and inherited = 0)
order by articles.year desc, articles.article_id, claims.start
