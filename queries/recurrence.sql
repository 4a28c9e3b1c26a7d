-- title: Local recurrence after a procedure
-- description: How often, when and why a tumour recurred at the operated site in a source's own patients, with denominators; recurrence-free results stand beside, what is told of parts of those with a recurrence, and what had been done in the patients counted just before.
-- example: procedure=TES
with results as (
  select claims.* from claims
  where (kind = 'outcome' or (kind = 'risk' and basis = 'patients')) and subkind is null and attribution = 'own' and basis in ('patients', 'expert') and assertion in ('affirmed', 'negated')
    and temporality <> 'future' and measure in ('local_recurrence', 'recurrence_free', 'local_control', 'time_to_recurrence_mean')
    and (claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
      or article_id in (select article_id from claims join claim_concepts using (claim_id) where concept_id = :procedure and inherited = 0))),
told as (
  select claim_id, 'result' as told from results
  union
  select parts.claim_id, 'part of those with a recurrence' from results join measurements as recurred using (claim_id)
    join claims as parts on parts.article_id = results.article_id and parts.section = results.section and parts.start > results.start
    join measurements as part on part.claim_id = parts.claim_id and part.denominator = recurred.numerator and part.unit = 'patients'
  where recurred.measure = 'local_recurrence' and recurred.numerator > 0 and recurred.unit = 'patients' and parts.kind in ('outcome', 'risk')
    and parts.subkind is null and parts.attribution = 'own' and parts.basis = 'patients' and parts.claim_id not in (select claim_id from results)
  union
  select next.claim_id, 'what had been done in them' from results join claims as next
    on next.article_id = results.article_id and next.section = results.section
    and next.start = (select min(later.start) from claims as later where later.article_id = results.article_id
      and later.section = results.section and later.start >= results."end")
  where next.kind = 'approach' and next.measure is null and next.attribution = 'own' and next.claim_id not in (select claim_id from results)
    and exists (select 1 from measurements where measurements.claim_id = next.claim_id and unit = 'patients'))
select told.told, claims.measure, measurements.statistic, measurements.numerator, measurements.denominator, measurements.n, measurements.value,
  measurements.low, measurements.high, measurements.unit, measurements.percent, measurements.group_text, measurements.comparator, measurements.time_text, claims.kind, claims.assertion,
  claims.temporality, claims.basis, claims.display, claims.claim_id, articles.citation, articles.article_id
from told join claims using (claim_id) join articles using (article_id) left join measurements using (claim_id)
order by claims.is_patient_result desc, articles.year desc, articles.article_id, claims.start, claims.focus_start, measurements.start
