-- title: Rules without evidence
-- description: Decision rules that no counted claim supports, and cases that no source of the knowledge base states.
select rules.rule_id, rules.title, null as case_id, 'no counted claim supports it' as gap
from rules
where not exists (select 1 from evidence where evidence.rule_id = rules.rule_id and stance = 'supports' and counted = 1)
union all
select rules.rule_id, rules.title, rule_cases.case_id, rule_cases.provenance
from rules join rule_cases using (rule_id) where rule_cases.provenance is not null
order by 1, 3
