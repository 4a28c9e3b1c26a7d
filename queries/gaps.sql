-- title: Gaps in the evidence of rules
-- description: What is missing behind each decision rule: no counted support, one article or one group of authors only, old or uncontrolled evidence, cases that no source states. An empty rule shows all.
-- example: rule=
with support as (
  select distinct evidence.rule_id, articles.article_id, articles.year, articles.evidence_level
  from evidence join claims using (claim_id) join articles using (article_id)
  where evidence.stance = 'supports' and evidence.counted = 1),
counts as (select rule_id, count(*) as articles, max(year) as newest, min(evidence_level) as best from support group by rule_id),
shared as (
  select support.rule_id, authors.name from support join authors using (article_id)
  group by support.rule_id, authors.name
  having count(distinct support.article_id) = (select articles from counts where counts.rule_id = support.rule_id))
select rules.rule_id, rules.title, null as case_id, 'No counted claim supports this rule.' as gap
from rules where rules.rule_id not in (select rule_id from counts) and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, 'All counted support comes from one article.'
from rules join counts using (rule_id) where counts.articles = 1 and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, 'All counted support comes from one group of authors: ' || group_concat(shared.name, ', ') || '.'
from rules join counts using (rule_id) join shared using (rule_id) where counts.articles > 1 and :rule in ('', rules.rule_id)
group by rules.rule_id
union all
select rules.rule_id, rules.title, null, 'The newest counted support is of ' || counts.newest || ', more than 10 years before the review.'
from rules join counts using (rule_id) where cast(rules.reviewed_on as integer) - counts.newest > 10 and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, 'No counted support comes from a comparative study (Oxford level 3 or better).'
from rules join counts using (rule_id) where (counts.best is null or counts.best > 3) and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, gap.value
from rules, json_each(rules.gaps) as gap where :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, rule_cases.case_id,
  'Stated by no text of the knowledge base, but by ' || rule_cases.provenance || ': ' || rule_cases."then"
from rules join rule_cases using (rule_id) where rule_cases.provenance is not null and :rule in ('', rules.rule_id)
order by 1, 3
