-- title: What no source states
-- description: Measures of the vocabulary that no claim about a procedure reports. No row here means "reported"; a row means no data, not zero.
-- example: procedure=TES
select concepts.concept_id as measure, concepts.label
from concepts
where concepts.facet = 'measures' and concepts.concept_id not in (
  select claims.measure from claims join claim_concepts using (claim_id)
  where claim_concepts.concept_id = :procedure and claims.measure is not null)
order by concepts.label
