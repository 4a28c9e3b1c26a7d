-- title: Precautions for a structure at a vertebral level
-- description: What is advised to spare a structure (great_vessels, spinal_cord ...), and anatomical findings on it, where the source names the level, a range or a region that holds it, or no level at all. An empty level takes all.
-- example: structure=great_vessels
-- example: level=L1
with placed as (
  select claim_id, concept_id, replace(replace(concept_id, 'caudal_to_', ''), 'above_', '') as vertebra
  from claim_concepts where facet = 'levels' and inherited = 0),
numbered as (
  select claim_id, concept_id,
    case when vertebra glob '[CTLS][0-9]*' then instr('CTLS', substr(vertebra, 1, 1)) * 20 + cast(substr(vertebra, 2) as integer) end as place
  from placed),
spans as (
  select claim_id, min(place) as first, max(place) as last, max(concept_id like 'caudal%') as below, max(concept_id like 'above%') as over
  from numbered where place is not null group by claim_id),
asked as (
  select case when :level glob '[CTLS][0-9]*' then instr('CTLS', substr(:level, 1, 1)) * 20 + cast(substr(:level, 2) as integer) end as place,
    (select wider.value from concepts, json_each(concepts.broader) as wider where concepts.concept_id = :level) as region)
select claims.kind, claims.subkind, claims.strength, claims.strength_wording, claims.condition, claims.basis,
  (select group_concat(concept_id, ', ') from placed where placed.claim_id = claims.claim_id) as levels,
  claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id) cross join asked left join spans using (claim_id)
where claims.attribution = 'own' and claims.temporality = 'current' and claims.assertion <> 'hedged'
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :structure)
  and ((claims.subkind = 'mitigation' and claims.polarity is not 'against' and claims.strength is not null
      and not exists (select 1 from claim_concepts as done where done.claim_id = claims.claim_id and done.concept_id = 'embolization'))
    or (claims.basis = 'cadaver' and claims.kind in ('outcome', 'risk')))
  and (:level = '' or :level in (select concept_id from placed where placed.claim_id = claims.claim_id)
    or case when spans.below then asked.place > spans.last when spans.over then asked.place < spans.first
      when spans.first is not null then asked.place between spans.first and spans.last
      else not exists (select 1 from placed where placed.claim_id = claims.claim_id)
        or asked.region in (select concept_id from placed where placed.claim_id = claims.claim_id) end)
order by articles.year desc, articles.article_id, claims.start
