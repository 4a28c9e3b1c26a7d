-- title: What lowers a complication, and by how much
-- description: Each measure against a complication once, as done in a source's own patients or else as advised, the effects told of such measures, and the averages reported with a procedure (an empty one takes all). What others did, what is hedged and what was seen in animals is left out.
-- example: complication=blood_loss
-- example: procedure=TES
with asked as (
  select :complication as concept_id
  union select concepts.concept_id from concepts, json_each(concepts.broader) as wider where wider.value = :complication),
against as (
  select claims.claim_id, done.concept_id as measure_taken,
    row_number() over (partition by claims.article_id, done.concept_id
      order by claims.basis = 'patients' desc, claims.assertion = 'hedged', claims.start, claims.claim_id) as place
  from claims join claim_concepts as done using (claim_id)
  where (claims.subkind = 'mitigation' or (claims.subkind is null and claims.kind in ('approach', 'indication') and claims.claim_id in (
      select claim_id from claim_concepts where concept_id in (select concept_id from asked) and inherited = 0)))
    and claims.attribution = 'own' and claims.temporality = 'current' and claims.polarity is not 'against'
    and claims.basis in ('patients', 'expert') and done.facet = 'procedures' and done.concept_id <> 'surgery'
    and (claims.measure in (select concept_id from asked)
      or claims.claim_id in (select claim_id from claim_concepts where concept_id in (select concept_id from asked) and inherited = 0)
      or claims.claim_id in (select mitigation_id from mitigations join claims as risk on risk.claim_id = risk_id
        where risk.measure in (select concept_id from asked)))),
effects as (
  select claims.claim_id from claims
  where claims.kind = 'outcome' and claims.subkind is null and claims.attribution = 'own' and claims.basis in ('patients', 'expert')
    and claims.assertion in ('affirmed', 'negated') and claims.temporality <> 'future'
    and (claims.measure in (select concept_id from asked)
      or (claims.claim_id in (select claim_id from claim_concepts where concept_id in (select concept_id from asked) and inherited = 0)
        and not exists (select 1 from claims as beside where beside.article_id = claims.article_id and beside.start = claims.start
          and beside.measure in (select concept_id from asked))))
    and ((exists (select 1 from measurements where measurements.claim_id = claims.claim_id and measurements.measure in (select concept_id from asked)
          and statistic in ('mean', 'median', 'difference'))
        and (:procedure = '' or claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
          or claims.claim_id in (select claim_concepts.claim_id from claim_concepts join against on against.measure_taken = concept_id where inherited = 0)))
      or (claims.direction is not null and exists (select 1 from claim_concepts where claim_concepts.claim_id = claims.claim_id
        and claim_concepts.inherited = 0 and facet = 'procedures' and concept_id <> 'surgery'))))
select case when claims.kind <> 'outcome' then 'measure' when claims.temporality = 'historical' then 'before' else 'effect' end as told,
  claims.strength, claims.strength_wording, claims.basis, claims.temporality, measurements.statistic, measurements.value, measurements.low,
  measurements.high, measurements.unit, measurements.n, claims.display, claims.claim_id, articles.design, articles.citation, articles.article_id
from claims join articles using (article_id)
left join measurements on measurements.claim_id = claims.claim_id and measurements.measure in (select concept_id from asked)
where claims.claim_id in (select claim_id from against where place = 1) or claims.claim_id in (select claim_id from effects)
order by claims.kind = 'outcome', articles.year desc, articles.article_id, claims.start, measurements.start
