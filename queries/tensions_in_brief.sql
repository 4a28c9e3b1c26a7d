-- title: Where sources disagree, each side by one claim
-- description: The first two sides of every tension, each by the claim that says it most directly (advice before results, with its condition before without). An empty rule shows all; a rule shows those that its file tells of.
-- example: rule=hosono_procedure
with sides as (
  select tensions.rule_id, tensions.number, tensions.about, tensions.note, tensions.side, tensions.position, evidence.claim_id, evidence.counted,
    evidence.label, row_number() over (partition by tensions.rule_id, tensions.number, tensions.side
      order by claims.kind = 'indication' desc, claims.kind = 'approach' desc, claims.condition is null, evidence.counted desc, claims.start,
        claims.focus_start) as place
  from tensions
  left join evidence on evidence.rule_id = tensions.side_rule_id and evidence.stance = tensions.stance
    and (tensions.side_case_id is null or evidence.claim_id in (select case_evidence.claim_id from case_evidence
      where case_evidence.rule_id = tensions.side_rule_id and case_evidence.case_id = tensions.side_case_id))
  left join claims using (claim_id)
  where tensions.side < 2 and :rule in ('', tensions.rule_id))
select sides.rule_id, sides.about, sides.side, sides.position, coalesce(claims.focus, claims.display, 'no claim of the knowledge base takes this side') as said,
  sides.note, sides.counted, sides.label as not_counted_because, claims.display, sides.claim_id, articles.year, articles.citation, articles.article_id
from sides left join claims using (claim_id) left join articles using (article_id)
where sides.place = 1
order by sides.rule_id, sides.number, sides.side
