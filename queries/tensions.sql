-- title: Tensions between sources and rules, side by side
-- description: Where sources or rules pull apart, what each side holds and the claims behind it, and how to read it. An empty rule shows all; a rule shows those that it takes part in.
-- example: rule=
select tensions.rule_id, tensions.about, tensions.note, tensions.number, tensions.side, tensions.position, tensions.side_rule_id,
  tensions.side_case_id, tensions.stance, evidence.counted, evidence.label as not_counted_because, case when claims.kind = 'outcome' then claims.display else coalesce(claims.focus, claims.display) end as said, claims.claim_id, articles.year,
  articles.citation, articles.article_id
from tensions
left join evidence on evidence.rule_id = tensions.side_rule_id and evidence.stance = tensions.stance
  and (tensions.side_case_id is null or evidence.claim_id in (select case_evidence.claim_id from case_evidence
    where case_evidence.rule_id = tensions.side_rule_id and case_evidence.case_id = tensions.side_case_id))
left join claims using (claim_id) left join articles using (article_id)
where :rule in ('', tensions.rule_id)
  or exists (select 1 from tensions as other where other.rule_id = tensions.rule_id and other.number = tensions.number and other.side_rule_id = :rule)
order by tensions.rule_id, tensions.number, tensions.side, evidence.counted desc, claims.kind = 'indication' desc, claims.kind = 'approach' desc, articles.year desc, claims.start
