-- title: When an approach is chosen, its advantages and hazards
-- description: Claims that choose, prefer or advise against an approach, advantages told right after such a choice, and hazards that name the approach.
-- example: approach=single_posterior
with chosen as (
  select claims.claim_id, claims.article_id, claims.section, claims.start
  from claims join claim_concepts using (claim_id)
  where (claims.kind = 'approach' or claims.pattern = 'approach_advised') and claims.strength is not null and claim_concepts.concept_id = :approach)
select case when claims.kind = 'risk' then 'hazard' when claims.kind = 'outcome' then 'advantage' else 'choice' end as told,
  claims.assertion, claims.strength_wording, claims.condition, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.claim_id in (select claim_id from chosen)
  or (claims.kind = 'risk' and claims.subkind is null
    and claims.claim_id in (select claim_id from claim_concepts where concept_id = :approach and inherited = 0))
  or (claims.kind = 'outcome' and claims.subkind is null and claims.direction = 'better' and exists (
    select 1 from chosen where chosen.article_id = claims.article_id and chosen.section = claims.section
      and chosen.start = (select max(earlier.start) from claims as earlier
        where earlier.article_id = claims.article_id and earlier.section = claims.section and earlier.start < claims.start)))
order by articles.article_id, claims.start
