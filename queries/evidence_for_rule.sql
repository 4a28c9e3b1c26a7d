-- title: Evidence for a rule
-- description: Claims that support a decision rule, counted ones first, with the source of each.
-- example: rule=tes_by_type
select evidence.stance, evidence.reason, evidence.counted, evidence.label as not_counted_because, claims.claim_id, claims.display,
  claims.assertion, claims.strength_wording, articles.citation, articles.article_id
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id = :rule and evidence.stance = 'supports'
order by evidence.counted desc, articles.evidence_level, articles.year desc, claims.start
