-- title: Where a claim comes from
-- description: By a claim id or its beginning: the verbatim quote, its offsets in the stored text, its section, its article and the input record it was read from.
-- example: claim=c0
select claims.claim_id, claims.quote, claims.start, claims."end", claims.section_heading, claims.pattern, articles.article_id, articles.citation,
  articles.doi, articles.pmid, articles.url, records.source, records.locator, records.format, records.sha256
from claims join articles using (article_id) join records on records.record_id = articles.record_id
where substr(claims.claim_id, 1, length(:claim)) = :claim and :claim <> ''
order by claims.claim_id
