-- title: Evidence of a rule by year and design
-- description: How many counted claims of each year and study design bear on a rule, by stance.
-- example: rule=embolization
select articles.year, articles.design, evidence.stance, count(*) as claims, count(distinct articles.article_id) as articles
from evidence join claims using (claim_id) join articles using (article_id)
where evidence.rule_id = :rule and evidence.counted = 1
group by articles.year, articles.design, evidence.stance
order by articles.year, articles.design
