-- title: Articles by study design
-- description: Articles of a design (case_report, case_series, cohort, randomised_trial, review ...), newest first.
-- example: design=review
select article_id, citation, year, design, design_secondary, evidence_level, n_patients, tes_series, retracted, digest
from articles where design = :design
order by year desc, article_id
