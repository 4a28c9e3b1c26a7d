-- title: Harms that did not occur
-- description: Negated or no-difference findings, so that they are not counted as harms.
-- example: measure=spinal_cord_function
select claims.measure, claims.assertion, claims.direction, claims.basis, claims.display, claims.claim_id, articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.assertion = 'negated' and (claims.measure = :measure or :measure = '')
order by articles.year desc, claims.start
