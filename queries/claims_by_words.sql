-- title: Claims by their words
-- description: Claims whose own words hold the given words (SQLite FTS5 syntax: words, OR, NOT; phrases and words with hyphens in double quotation marks), best first.
-- example: words=embolization OR "fibrin glue"
select claims.kind, claims.assertion, claims.temporality, claims.basis, claims.display, claims.claim_id, articles.citation,
  articles.article_id
from claims_fts join claims on claims.rowid = claims_fts.rowid join articles using (article_id)
where claims_fts match :words
order by bm25(claims_fts), claims.claim_id
