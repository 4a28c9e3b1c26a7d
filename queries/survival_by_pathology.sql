-- title: Survival by pathology
-- description: Reported survival after a procedure with the tumours of its group, its n and its time point.
-- example: procedure=TES
select measurements.value, measurements.unit, measurements.n, measurements.group_text, measurements.comparator, measurements.time_months, measurements.time_text,
  (select group_concat(concepts.label, '; ') from claim_concepts join concepts using (concept_id)
    where claim_concepts.claim_id = claims.claim_id and claim_concepts.facet = 'tumours' and claim_concepts.inherited = 0) as tumours,
  claims.display, claims.claim_id, articles.citation, articles.article_id
from measurements join claims using (claim_id) join articles using (article_id)
where measurements.measure in ('overall_survival', 'progression_free_survival', 'disease_free_survival', 'event_free_survival', 'recurrence_free_survival')
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
order by articles.year desc, claims.start, measurements.start
