-- title: Merged records
-- description: Every input record that was merged into an article, why, which fields the article takes from it, and what it states itself. To undo a merging, build again with --apart and the two record ids.
select records.article_id, articles.citation, records.record_id, records.outcome, records.source, records.locator, records.format,
  records.reason, (select group_concat(field, ', ') from field_sources where field_sources.record_id = records.record_id) as fields,
  records.stated
from records join articles using (article_id)
where records.article_id in (select article_id from records where outcome = 'merged')
order by records.article_id, records.outcome desc, records.record_id
