-- title: Claims of one kind
-- description: Every claim of a kind (approach, indication, outcome or risk) with how it is meant and where it stands.
-- example: kind=risk
select claims.claim_id, claims.subkind, claims.display, claims.focus, claims.assertion, claims.temporality, claims.basis, claims.attribution,
  articles.citation, articles.article_id
from claims join articles using (article_id)
where claims.kind = :kind
order by articles.year desc, articles.article_id, claims.start
