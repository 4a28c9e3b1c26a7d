-- title: What a study states about itself
-- description: Number of patients, follow-up, period, ages, levels and populations of an article; what it does not state says so.
-- example: words=spondylectomy
select articles.article_id, articles.citation, articles.design, coalesce(cast(articles.n_patients as text), 'not stated') as n_patients,
  coalesce(articles.follow_up, 'not stated') as follow_up, coalesce(articles.data_period, 'not stated') as data_period,
  coalesce((select group_concat(written, '; ') from measurements join claims using (claim_id)
    where claims.article_id = articles.article_id and measurements.measure = 'age'), 'not stated') as ages,
  coalesce((select group_concat(distinct concept_id) from claim_concepts join claims using (claim_id)
    where claims.article_id = articles.article_id and facet = 'levels' and inherited = 0), 'not stated') as levels,
  coalesce((select group_concat(distinct concept_id) from claim_concepts join claims using (claim_id)
    where claims.article_id = articles.article_id and facet = 'populations' and inherited = 0), 'not stated') as populations
from articles
where instr(lower(coalesce(articles.title, '') || ' ' || articles.article_id || ' ' || articles.citation), lower(:words)) > 0
order by articles.year desc, articles.article_id
