-- title: Local recurrence after a procedure
-- description: How often, when and why a tumour recurred at the operated site, with denominators; recurrence-free results are listed beside.
-- example: procedure=TES
select claims.measure, measurements.statistic, measurements.numerator, measurements.denominator, measurements.n, measurements.value,
  measurements.low, measurements.high, measurements.unit, measurements.percent, measurements.group_text, measurements.comparator, measurements.time_text, claims.kind, claims.subkind, claims.assertion,
  claims.temporality, claims.basis, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id) left join measurements using (claim_id)
where claims.claim_id in (select claim_id from claim_concepts where concept_id in ('local_recurrence', 'recurrence_free', 'local_control')
    union select claim_id from claims where measure in ('local_recurrence', 'recurrence_free', 'local_control'))
  and (claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
    or claims.article_id in (select article_id from claims join claim_concepts using (claim_id) where concept_id = :procedure and inherited = 0))
order by claims.is_patient_result desc, articles.year desc, articles.article_id, claims.start, measurements.start
