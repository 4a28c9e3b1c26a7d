-- title: Results in patients by procedure and measure
-- description: What was found in a source's own patients about a measure after a procedure, with or without a number, not how they came; an empty procedure takes all.
-- example: procedure=TES
-- example: measure=overall_survival
select claims.kind, claims.assertion, claims.direction, claims.measure, claims.display, claims.claim_id, articles.design,
  articles.n_patients, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.basis = 'patients' and claims.attribution = 'own' and claims.temporality = 'current' and claims.subkind is not 'background' and claims.subkind is not 'presentation'
  and (claims.measure = :measure or claims.claim_id in (select claim_id from claim_concepts where concept_id = :measure and inherited = 0))
  and (:procedure = '' or claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure))
order by articles.year desc, articles.article_id, claims.start
