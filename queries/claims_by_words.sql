-- title: Claims by their words
-- description: Claims whose own words hold all of the given words, in any order, best first; for questions, phrases and synonyms use the search, or kb_search in SQL.
-- example: words=blood loss
select claims.kind, claims.assertion, claims.temporality, claims.basis, claims.display, claims.claim_id, articles.citation,
  articles.article_id
from claims_fts join claims on claims.rowid = claims_fts.rowid join articles using (article_id)
-- Every word is quoted, so that none is read as an operator; printf ends a text at a NUL.
where claims_fts match '"' || replace(replace(printf('%s', :words), '"', ' '), ' ', '" "') || '"'
order by bm25(claims_fts), claims.claim_id
