-- title: Rejected input
-- description: Input records that could not be read, with the reason of each; and what was merged into another article.
select outcome, source, locator, format, reason, article_id
from records where outcome in ('rejected', 'merged')
order by outcome desc, source, locator
