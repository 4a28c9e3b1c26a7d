-- title: Indications and their strength
-- description: What is advised for or against a procedure, with the author's own word for how strongly.
-- example: procedure=TES
select claims.polarity, claims.strength, claims.strength_wording, claims.condition, claims.assertion, claims.temporality, claims.focus,
  claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.kind = 'indication' and claims.subkind is null
  and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
order by claims.polarity = 'against', claims.strength, articles.year desc, claims.start
