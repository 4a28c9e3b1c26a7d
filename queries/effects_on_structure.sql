-- title: What a manoeuvre does to a part of the body
-- description: Findings that name a procedure and its effect on a part of the body or on what is measured there (spinal_cord, nerve_root ...), in patients and in experiments, each with its basis, and how far the procedure is taken where an amount is told; findings of others are left out.
-- example: procedure=surgery
-- example: structure=spinal_cord
select claims.kind, claims.assertion, claims.basis, claims.species, claims.measure, claims.direction, claims.display, claims.claim_id,
  articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.subkind is null and claims.attribution = 'own'
  and ((claims.kind = 'approach'
      and (claims.measure like :procedure || '_%' or claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure and inherited = 0))
      and exists (select 1 from measurements where measurements.claim_id = claims.claim_id and unit in ('mm', 'cm', 'degrees')))
    or (claims.kind in ('outcome', 'risk')
      and claims.claim_id in (select claim_id from claim_concepts where concept_id = :procedure and inherited = 0)
      and (claims.claim_id in (select claim_id from claim_concepts where concept_id = :structure and inherited = 0)
        or exists (select 1 from concepts, json_each(concepts.broader) as wider where concepts.concept_id = claims.measure
          and wider.value like :structure || '_%'))))
order by articles.year desc, articles.article_id, claims.start, claims.focus_start
