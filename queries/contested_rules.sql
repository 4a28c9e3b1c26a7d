-- title: Rules with evidence on both sides
-- description: Decision rules that counted claims both support and contradict or qualify.
select rules.rule_id, rules.title,
  sum(evidence.stance = 'supports' and counted) as supports, sum(evidence.stance = 'qualifies' and counted) as qualifies,
  sum(evidence.stance = 'contradicts' and counted) as contradicts, sum(not counted) as not_counted
from rules join evidence using (rule_id)
group by rules.rule_id
having sum(evidence.stance <> 'supports' and counted) > 0
order by contradicts desc, qualifies desc
