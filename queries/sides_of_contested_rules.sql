-- title: Where sources disagree, side by side
-- description: The counted evidence of a rule on each side, for every rule that some source contradicts or qualifies; an empty rule shows all.
-- example: rule=hosono_procedure
select rules.rule_id, evidence.stance, evidence.reason, claims.display, claims.claim_id, articles.year, articles.design,
  articles.citation, articles.article_id
from evidence join rules using (rule_id) join claims using (claim_id) join articles using (article_id)
where evidence.counted = 1 and (rules.rule_id = :rule or :rule = '')
  and exists (select 1 from evidence as other where other.rule_id = evidence.rule_id and other.counted = 1 and other.stance <> 'supports')
order by rules.rule_id, evidence.stance = 'supports' desc, evidence.stance, articles.year
