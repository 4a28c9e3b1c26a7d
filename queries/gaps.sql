-- title: Gaps in the evidence of rules
-- description: What is missing behind each decision rule and its cases: no counted support, one article or one group of authors only, old or uncontrolled evidence, cases that no source states. An empty rule shows all.
-- example: rule=
with support as (
  select distinct evidence.rule_id, articles.article_id, articles.year, articles.evidence_level
  from evidence join claims using (claim_id) join articles using (article_id)
  where evidence.stance = 'supports' and evidence.counted = 1),
told as (
  select distinct rule_id, case_id, articles.article_id, articles.year
  from case_evidence join evidence using (rule_id, claim_id) join claims using (claim_id) join articles using (article_id)
  where evidence.counted = 1),
told_counts as (select rule_id, case_id, count(*) as articles, max(year) as newest from told group by rule_id, case_id),
counts as (select rule_id, count(*) as articles, max(year) as newest, sum(year is null) as undated, min(evidence_level) as best from support group by rule_id),
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
select rules.rule_id, rules.title, null, 'The newest counted support is of ' || counts.newest || ', more than 10 years before the review'
    || case when counts.undated > 0 then '; ' || counts.undated || ' of ' || counts.articles || ' articles state no year.' else '.' end
from rules join counts using (rule_id) where cast(rules.reviewed_on as integer) - counts.newest > 10 and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, 'No counted support comes from a comparative study (Oxford level 3 or better).'
from rules join counts using (rule_id) where (counts.best is null or counts.best > 3) and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, null, gap.value
from rules, json_each(rules.gaps) as gap where :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, rule_cases.case_id, 'No counted claim speaks to this case: ' || rule_cases."then"
from rules join rule_cases using (rule_id) left join told_counts using (rule_id, case_id)
where rule_cases.told_by is not null and told_counts.articles is null and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, rule_cases.case_id, 'Counted claims of one article only speak to this case: ' || rule_cases."then"
from rules join counts using (rule_id) join rule_cases using (rule_id) join told_counts using (rule_id, case_id)
where told_counts.articles = 1 and counts.articles > 1 and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, rule_cases.case_id,
  'The newest counted claim on this case is of ' || told_counts.newest || ', more than 10 years before the review: ' || rule_cases."then"
from rules join counts using (rule_id) join rule_cases using (rule_id) join told_counts using (rule_id, case_id)
where cast(rules.reviewed_on as integer) - told_counts.newest > 10 and cast(rules.reviewed_on as integer) - counts.newest <= 10
  and :rule in ('', rules.rule_id)
union all
select rules.rule_id, rules.title, rule_cases.case_id,
  'Stated by no text of the knowledge base, but by ' || rule_cases.provenance || ': ' || rule_cases."then"
from rules join rule_cases using (rule_id) where rule_cases.provenance is not null and :rule in ('', rules.rule_id)
order by 1, 3
