-- title: Claims about a vertebral level
-- description: Claims that name a vertebra or a region (T3, L5, thoracic ...).
-- example: level=L5
select claims.kind, claims.subkind, claims.display, claims.focus, claims.assertion, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.claim_id in (select claim_id from claim_concepts where concept_id = :level and inherited = 0)
order by claims.kind, articles.year desc, claims.start
