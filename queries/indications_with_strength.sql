-- title: What is advised and how strongly
-- description: What is advised for or against a procedure, as an indication or as a measure against a risk, with the author's own word for how strongly.
-- example: procedure=TES
select claims.kind, claims.subkind, claims.polarity, claims.strength, claims.strength_wording, claims.condition, claims.assertion,
  claims.temporality, claims.basis, claims.focus, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where ((claims.kind = 'indication' and claims.subkind is null) or claims.subkind = 'mitigation')
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
order by claims.polarity = 'against', claims.strength, articles.year desc, claims.start
