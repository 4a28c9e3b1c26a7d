-- title: What was offered to patients in a given state
-- description: In articles whose own patients, or the patients that their introduction is about, are described by a state (surgical_intolerance, end_stage, general_condition ...) and a primary site, what was found and concluded there. A longer survival is left out where one patient is all there is, since nothing is compared. An empty site takes all.
-- example: state=frail
-- example: site=lung
with described as (
  select distinct claims.article_id from claims join claim_concepts using (claim_id)
  where concept_id = :state and claims.attribution = 'own'
    and (claims.basis = 'patients' or exists (select 1 from passages where passages.article_id = claims.article_id and passages.role = 'background'
      and passages.start <= claims.start and passages."end" > claims.start))
    and (:site = '' or claims.article_id in (select other.article_id from claims as other join claim_concepts as named using (claim_id)
      where named.concept_id = :site and named.inherited = 0 and other.basis = 'patients' and other.attribution = 'own')))
select passages.role, claims.kind, claims.assertion, claims.measure, claims.direction, claims.strength_wording, claims.focus, claims.display,
  claims.claim_id, articles.design, coalesce(cast(articles.n_patients as text), 'not stated') as n_patients, articles.citation, articles.article_id
from claims join articles using (article_id) join described using (article_id)
join passages on passages.article_id = claims.article_id and passages.start <= claims.start and passages."end" > claims.start
where passages.role in ('results', 'conclusion') and claims.attribution = 'own' and claims.temporality = 'current' and claims.subkind is null
  and not (articles.design = 'case_report' and coalesce(claims.measure, '') in ('overall_survival', 'life_expectancy', 'progression_free_survival', 'disease_free_survival', 'event_free_survival', 'recurrence_free_survival'))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
