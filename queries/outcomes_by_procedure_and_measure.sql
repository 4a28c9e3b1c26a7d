-- title: Outcomes by procedure and measure
-- description: Measured patient results of a procedure with their own group, n, unit and time point. What the source does not state is empty, never zero. What is told of parts of those with an event is left out: it is no rate of it.
-- example: procedure=TES
-- example: measure=local_recurrence
select measurements.measure, measurements.statistic, measurements.value, measurements.low, measurements.high, measurements.unit,
  measurements.numerator, measurements.denominator, measurements.n, measurements.percent, measurements.percent_derived,
  measurements.group_text, measurements.comparator, measurements.time_months, measurements.time_text, measurements.ci_low, measurements.ci_high, measurements.p_operator, measurements.p_value, measurements.written, claims.assertion, claims.temporality, articles.design,
  articles.follow_up, claims.claim_id, articles.citation, articles.article_id
from measurements join claims using (claim_id) join articles using (article_id)
where measurements.measure = :measure and claims.basis = 'patients' and claims.attribution = 'own' and claims.subkind is not 'presentation'
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
  and not exists (select 1 from event_parts where event_parts.measurement_id = measurements.measurement_id)
order by articles.year desc, claims.start, measurements.start
