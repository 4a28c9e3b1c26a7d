-- title: Harms that did not occur
-- description: Negated and no-difference findings about a measure or a part of the body and what is narrower, so that they are not counted as harms; an empty concept shows all.
-- example: concept=
with asked as (
  select :concept as concept_id
  union select concepts.concept_id from concepts, json_each(concepts.broader) as wider where wider.value = :concept)
select claims.measure, claims.assertion, claims.direction, claims.basis, claims.attribution, claims.display, claims.claim_id,
  articles.citation, articles.article_id
from claims join articles using (article_id)
where (claims.assertion = 'negated' or claims.direction = 'no_difference') and claims.kind in ('outcome', 'risk') and claims.subkind is not 'presentation'
  and (:concept = '' or claims.measure in (select concept_id from asked)
    or claims.claim_id in (select claim_id from claim_concepts where concept_id in (select concept_id from asked)))
order by articles.year desc, articles.article_id, claims.start
