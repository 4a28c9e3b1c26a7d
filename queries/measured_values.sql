-- title: Every number of one measure
-- description: All values reported for a measure (blood_loss, operative_time ...) as rows, each with its unit, range, group, time point and context.
-- example: measure=blood_loss
select measurements.value, measurements.low, measurements.high, measurements.unit, measurements.operator, measurements.statistic, measurements.n,
  measurements.group_text, measurements.comparator, measurements.time_text, claims.temporality, claims.basis, claims.attribution, measurements.written, claims.display, claims.claim_id,
  articles.citation, articles.article_id
from measurements join claims using (claim_id) join articles using (article_id)
where measurements.measure = :measure
order by articles.year desc, articles.article_id, claims.start, measurements.start
