-- title: Rules by review date
-- description: When each decision rule was reviewed and is due again; overdue is 1 where that day has passed.
select rule_id, title, status, reviewed_by, reviewed_on, review_due, review_due < date('now') as overdue
from rules order by review_due, rule_id
