-- title: Rules by review date
-- description: When each decision rule was reviewed and is due again.
select rule_id, title, status, reviewed_by, reviewed_on, review_due from rules order by review_due, rule_id
