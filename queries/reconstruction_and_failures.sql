-- title: How the spine is rebuilt after a procedure, and what failed
-- description: The constructs used or advised in articles whose own patients had the procedure, their fusion, and failures of implants or their absence. Findings of others and mechanical tests are left out.
-- example: procedure=TES
with recursive articles_of as (
  select distinct article_id from claims join claim_concepts using (claim_id)
  where concept_id = :procedure and inherited = 0 and attribution = 'own' and basis = 'patients'),
constructs as (
  select 'reconstruction' as concept_id
  union select concepts.concept_id from concepts join constructs on concepts.concept_id <> 'bone_graft' and exists (
    select 1 from json_each(concepts.broader) where value = constructs.concept_id))
select case when claims.measure in ('rod_breakage', 'screw_breakage', 'spacer_dislodgement', 'instrumentation_failure', 'fatigue_failure',
    'cage_subsidence', 'pseudarthrosis') then 'failure' when claims.kind = 'outcome' then 'result' else 'construct' end as told,
  claims.assertion, claims.strength, claims.strength_wording, claims.measure, measurements.numerator, measurements.denominator, measurements.value,
  measurements.unit, claims.focus, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id) join articles_of using (article_id)
left join measurements on measurements.claim_id = claims.claim_id and measurements.measure is claims.measure
where claims.attribution = 'own' and claims.temporality = 'current' and claims.basis in ('patients', 'expert') and claims.subkind is not 'background'
  and ((claims.measure in ('rod_breakage', 'screw_breakage', 'spacer_dislodgement', 'instrumentation_failure', 'fatigue_failure', 'cage_subsidence',
      'pseudarthrosis') and claims.kind in ('risk', 'outcome'))
    or (claims.measure = 'bony_fusion' and claims.kind = 'outcome' and claims.is_patient_result = 1)
    or (((claims.kind = 'risk' and claims.subkind = 'mitigation') or (claims.kind = 'approach' and claims.basis = 'patients') or (claims.kind = 'indication' and claims.subkind is null))
      and (claims.strength is not null or claims.kind = 'approach')
      and claims.claim_id in (select claim_id from claim_concepts where concept_id in (select concept_id from constructs) and inherited = 0)))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
