-- title: Risks and what lowers them
-- description: Each risk of a procedure with the measures that the same source says lower it; a risk without one is listed too.
-- example: procedure=TES
select risk.measure as risk_measure, risk.claim_id as risk_id, risk.display as risk, risk.focus, mitigation.claim_id as mitigation_id,
  mitigation.display as mitigation, mitigation.strength, articles.citation, articles.article_id
from claims as risk
join articles using (article_id)
left join mitigations on mitigations.risk_id = risk.claim_id
left join claims as mitigation on mitigation.claim_id = mitigations.mitigation_id
where risk.kind = 'risk' and risk.subkind is null
  and risk.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
order by risk.measure, articles.article_id, risk.start, mitigation.start
