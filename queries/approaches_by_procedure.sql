-- title: Approaches of a procedure, with level and condition
-- description: Which surgical approach is used or preferred for a procedure, at which levels and under which condition; risks and advantages said of an approach are listed with it, each with what it was seen in. Who was included or treated, with no approach named, is left out.
-- example: procedure=TES
select claims.kind, claims.subkind, claims.strength_wording, claims.condition, claims.assertion, claims.basis,
  (select group_concat(concepts.label, '; ') from claim_concepts join concepts using (concept_id)
    where claim_concepts.claim_id = claims.claim_id and claim_concepts.facet = 'approaches') as approaches,
  (select group_concat(concept_id, ', ') from claim_concepts
    where claim_concepts.claim_id = claims.claim_id and claim_concepts.facet = 'levels' and inherited = 0) as levels,
  claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure)
  and claims.subkind is not 'background' and claims.pattern <> 'patients_treated'
  and (claims.kind = 'approach' or exists (select 1 from claim_concepts as at
    where at.claim_id = claims.claim_id and at.facet = 'approaches' and at.inherited = 0))
order by claims.kind, articles.year desc, articles.article_id, claims.start
