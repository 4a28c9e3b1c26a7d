-- title: Evidence against or qualifying a rule
-- description: Claims that contradict or qualify a decision rule.
-- example: rule=hosono_procedure
select evidence.stance, evidence.reason, evidence.counted, evidence.label as not_counted_because, claims.claim_id, claims.display,
  claims.assertion, claims.strength_wording, articles.citation, articles.article_id
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id = :rule and evidence.stance in ('contradicts', 'qualifies')
order by evidence.stance, evidence.counted desc, articles.year desc, claims.start
