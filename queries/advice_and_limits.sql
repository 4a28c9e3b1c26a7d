-- title: What is advised of a procedure, and where it does not suffice
-- description: What sources advise for or against a procedure in their own name, as an indication or against a risk, and what they deny of its reach against a risk. Advice that a source only cites is left out.
-- example: procedure=embolization
select claims.kind, claims.subkind, claims.polarity, claims.assertion, claims.strength, claims.strength_wording, claims.condition, claims.basis,
  claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.attribution = 'own' and claims.temporality = 'current'
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
  and ((claims.kind = 'indication' and claims.subkind is null) or claims.subkind = 'mitigation'
    or (claims.kind = 'risk' and claims.subkind is null and claims.assertion = 'negated'))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
