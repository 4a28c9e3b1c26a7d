-- title: Complications reported after a procedure
-- description: Complications and harms with their counts, rates and denominators where the source gives them (empty is not stated, never zero); parts of those with an event have no share derived. Negated rows are harms that did not occur.
-- example: procedure=TES
select claims.measure, claims.assertion, claims.temporality, claims.basis, claims.attribution, measurements.numerator, measurements.denominator,
  measurements.n, measurements.percent, case when not exists (select 1 from event_parts where event_parts.measurement_id = measurements.measurement_id)
    then measurements.percent_derived end as percent_derived, measurements.group_text, measurements.comparator, measurements.time_text, claims.display, claims.claim_id,
  articles.design, articles.n_patients, articles.citation, articles.article_id
from claims join articles using (article_id)
left join measurements on measurements.claim_id = claims.claim_id and measurements.measure is claims.measure
where claims.kind in ('risk', 'outcome') and claims.subkind is null and claims.direction is not 'better'
  and (claims.kind = 'risk' or claims.assertion = 'negated')
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
order by claims.assertion = 'negated', claims.measure, articles.year desc, claims.start
