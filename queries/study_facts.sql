-- title: What a study states about itself
-- description: Number of patients, follow-up, period, ages, sex, levels and populations of an article; what it does not state says so. The claims are the first that tells of its own patients after the methods, or anywhere, and what that sentence says was done in them: where these facts would be looked for. Sex is read from a case report's pronouns alone.
-- example: words=spondylectomy
select articles.article_id, articles.citation, articles.design, coalesce(cast(articles.n_patients as text), 'not stated') as n_patients,
  coalesce(articles.follow_up, 'not stated') as follow_up, coalesce(articles.data_period, 'not stated') as data_period,
  coalesce((select group_concat(written, '; ') from measurements join claims using (claim_id)
    where claims.article_id = articles.article_id and measurements.measure = 'age'), 'not stated') as ages,
  coalesce((select group_concat(distinct concept_id) from claim_concepts join claims using (claim_id)
    where claims.article_id = articles.article_id and facet = 'levels' and inherited = 0), 'not stated') as levels,
  coalesce((select group_concat(distinct concept_id) from claim_concepts join claims using (claim_id)
    where claims.article_id = articles.article_id and facet = 'populations' and inherited = 0), 'not stated') as populations,
  case when articles.design <> 'case_report' then 'not stated' else coalesce((
    select case when max(female) and max(male) then 'contradictory' when max(female) then 'female' when max(male) then 'male' end from (
      select ' ' || lower(text) || ' ' glob '*[^a-z]she[^a-z]*' or ' ' || lower(text) || ' ' glob '*[^a-z]her[^a-z]*' or ' ' || lower(text) || ' ' glob '*[^a-z]woman[^a-z]*' as female,
        ' ' || lower(text) || ' ' glob '*[^a-z]he[^a-z]*' or ' ' || lower(text) || ' ' glob '*[^a-z]his[^a-z]*' or ' ' || lower(text) || ' ' glob '*[^a-z]him[^a-z]*' or ' ' || lower(text) || ' ' glob '*[^a-z]man[^a-z]*' as male
      from passages where passages.article_id = articles.article_id)), 'not stated') end as sex,
  claims.display, claims.claim_id
from articles
left join claims as first on first.claim_id = (
  select told.claim_id from claims as told
  left join passages on passages.article_id = told.article_id and passages.start <= told.start and passages."end" > told.start
  where told.article_id = articles.article_id and told.basis = 'patients' and told.attribution = 'own' and told.kind <> 'risk'
  order by coalesce(passages.role, '') in ('aim', 'background', 'methods') and told.is_patient_result = 0, told.start, told.focus_start limit 1)
left join claims on claims.claim_id = first.claim_id or (claims.article_id = first.article_id and claims.start = first.start
  and claims.kind = 'approach' and claims.basis = 'patients' and claims.attribution = 'own')
where instr(lower(coalesce(articles.title, '') || ' ' || articles.article_id || ' ' || articles.citation), lower(:words)) > 0
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
