-- title: Articles kept apart
-- description: Articles that one might take for one another and that are not merged: a DOI under two titles, identifiers that conflict, a citation that fits more than one.
select identity_flags.flag, identity_flags.detail, identity_flags.article_id, articles.citation,
  identity_flags.other_article_id, others.citation as other_citation
from identity_flags join articles using (article_id)
join articles as others on others.article_id = identity_flags.other_article_id
where identity_flags.article_id < identity_flags.other_article_id
order by identity_flags.flag, identity_flags.article_id, identity_flags.other_article_id
