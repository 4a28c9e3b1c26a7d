-- title: Event and outcome, and how they were compared
-- description: What a source's own patients show of an event (skeletal_related_event ...) and of an outcome told with it: how many had it, what differed, and whether a treatment is said to prevent it; beside it the design, the comparator, and the confidence interval and p where they are stated.
-- example: event=skeletal_related_event
-- example: measure=overall_survival
select claims.measure, claims.assertion, claims.direction, measurements.statistic, measurements.value, measurements.unit, measurements.numerator,
  measurements.denominator, coalesce(measurements.comparator, claims.comparator, 'not stated') as comparator,
  coalesce(measurements.ci_low || ' to ' || measurements.ci_high, 'not stated') as confidence_interval,
  coalesce(measurements.p_operator || ' ' || measurements.p_value, 'not stated') as p, claims.focus, claims.display, claims.claim_id,
  articles.design, articles.citation, articles.article_id
from claims join articles using (article_id) left join measurements using (claim_id)
where claims.attribution = 'own' and claims.basis in ('patients', 'expert') and claims.kind in ('outcome', 'risk')
  and claims.subkind is null
  and (claims.measure = :event
    or (claims.measure = :measure and exists (select 1 from claims as beside join claim_concepts on claim_concepts.claim_id = beside.claim_id
      where beside.article_id = claims.article_id and beside.start = claims.start and concept_id = :event and inherited = 0))
    or (claims.is_patient_result = 1 and measurements.statistic = 'count' and measurements.unit = 'patients'
      and claims.claim_id in (select claim_id from claim_concepts where concept_id = :event and inherited = 0)))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start, measurements.start
