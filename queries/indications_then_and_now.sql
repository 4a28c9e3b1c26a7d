-- title: Indications for surgery, then and now
-- description: The reasons to operate that sources list for a disease, what they ask for first, and strategies built on a prognostic score; historical ones are marked. Alternatives of one prerequisite are one row.
-- example: disease=spinal_metastasis
select claims.temporality, claims.attribution, articles.year, claims.strength, claims.strength_wording, claims.measure, claims.focus, claims.display,
  claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.kind = 'indication' and claims.subkind is null and claims.temporality <> 'future' and claims.polarity = 'for'
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :disease)
  and ((claims.claim_id in (select claim_id from claim_concepts where concept_id = 'surgical_indication')
      and exists (select 1 from claim_concepts as reason where reason.claim_id = claims.claim_id and reason.inherited = 0))
    or (claims.strength in ('indicated', 'recommended', 'mandatory')
      and claims.claim_id in (select claim_id from claim_concepts where concept_id = 'operative_treatment' and inherited = 0)
      and (claims.claim_id in (select claim_id from claim_concepts where inherited = 0 and concept_id in ('neurological_deficit', 'spinal_instability',
          'pain', 'radioresistant', 'unknown_histology'))
        or claims.measure in ('ECOG_performance_status', 'karnofsky_performance_scale')))
    or (claims.strength = 'prerequisite' and not exists (select 1 from claims as other where other.article_id = claims.article_id
      and other.start = claims.start and other.strength = 'prerequisite' and coalesce(other.focus_start, other.start) < coalesce(claims.focus_start, claims.start)))
    or (claims.measure = 'prognostic_score' and claims.claim_id in (select claim_id from claim_concepts where concept_id = :disease and inherited = 0)))
order by claims.temporality = 'historical' desc, articles.year, articles.article_id, claims.start, claims.focus_start
