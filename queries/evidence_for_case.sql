-- title: Evidence for one case of a rule
-- description: The claims that speak to one case of a decision rule and not only to the rule as a whole, on every side. A case that concepts cannot tell apart has no rows: see the rule's evidence.
-- example: rule=tes_by_type
-- example: case=no7
select evidence.stance, evidence.reason, evidence.counted, evidence.label as not_counted_because, rule_cases."then" as the_case_says,
  claims.claim_id, claims.display, claims.focus, claims.assertion, claims.strength_wording, articles.citation, articles.article_id
from case_evidence join rule_cases using (rule_id, case_id) join evidence using (rule_id, claim_id)
join claims using (claim_id) join articles using (article_id)
where rule_id = :rule and case_id = :case
order by evidence.stance = 'supports' desc, evidence.stance, evidence.counted desc, articles.year desc, claims.start, claims.focus_start
