-- title: Where sources disagree, side by side
-- description: The evidence of a rule on each side, for every rule that some source contradicts or qualifies; what is not counted says why. An empty rule shows all.
-- example: rule=hosono_procedure
select rules.rule_id, evidence.stance, evidence.reason, evidence.counted, evidence.label as not_counted_because, claims.display,
  claims.claim_id, articles.year, articles.design, articles.citation, articles.article_id
from evidence join rules using (rule_id) join claims using (claim_id) join articles using (article_id)
where :rule in ('', rules.rule_id)
  and exists (select 1 from evidence as other where other.rule_id = evidence.rule_id and other.stance <> 'supports')
order by rules.rule_id, evidence.stance = 'supports' desc, evidence.stance, evidence.counted desc, articles.year, claims.start
