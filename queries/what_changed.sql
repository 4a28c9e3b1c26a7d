-- title: What changed from build to build
-- description: Articles, claims, rules and the evidence of rules that builds of this file brought, took or changed, the newest first; narrow by subject (article, claim, rule or evidence), by kind of change (new, changed, vanished, moved, retracted, reinstated, gained or lost) and by the day of the build (2026-01-31 and later); each may be left empty
-- example: subject=article
-- example: change=
-- example: since=
select substr(updates.built_at, 1, 10) as built_on, changes.subject, changes.change, changes.words,
  changes.article_id, changes.claim_id, changes.rule_id, changes.previous_id,
  changes.stance, changes.previous_stance,
  case changes.counted when 1 then 'counted' when 0 then 'not counted' end as counted, changes.fields
from changes join updates using (number)
where (coalesce(:subject, '') in ('', changes.subject)) and (coalesce(:change, '') in ('', changes.change))
  and (coalesce(:since, '') = '' or updates.built_at >= :since)
order by updates.number desc, changes.change not in ('retracted', 'reinstated'), changes.position
