-- The knowledge base's tables. Words about tables and columns for readers live in metadata.yml.
-- Every claim's quote equals substr(documents.text, start + 1, end - start): the build checks all.
-- Lists that are only shown are JSON text; what is queried is rows.
PRAGMA user_version = 1;

-- One row per build fact: generation, built_at, version, counts.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT
) STRICT;

CREATE TABLE articles (
  article_id TEXT PRIMARY KEY,          -- pmid-7634599 | pmc-PMC123 | doi-<hash> | text-<hash>
  title TEXT,
  citation TEXT NOT NULL,               -- one line, made of what is known
  journal TEXT, journal_abbrev TEXT, issn TEXT, issn_l TEXT, publisher TEXT,
  year INTEGER, date TEXT, date_raw TEXT,
  volume TEXT, issue TEXT, pages TEXT, pages_raw TEXT,
  doi TEXT, pmid TEXT, pmcid TEXT, url TEXT,
  language TEXT, licence TEXT, copyright TEXT, open_access INTEGER,
  original_title TEXT,
  authors_complete INTEGER,
  publication_types TEXT NOT NULL DEFAULT '[]',
  mesh TEXT NOT NULL DEFAULT '[]',
  keywords TEXT NOT NULL DEFAULT '[]',
  trial_numbers TEXT NOT NULL DEFAULT '[]',
  languages TEXT NOT NULL DEFAULT '[]',
  metrics TEXT NOT NULL DEFAULT '{}',
  source_site TEXT, source_platform TEXT, last_updated TEXT,
  content_level TEXT NOT NULL,          -- citation | abstract | full_text | full_page
  design TEXT NOT NULL,                 -- case_report, case_series, cohort, review, ...
  design_secondary TEXT NOT NULL DEFAULT '[]',
  evidence_level INTEGER,               -- Oxford CEBM 2011, 1 (best) to 5; null for tertiary pages
  tes_series INTEGER NOT NULL DEFAULT 0,
  n_patients INTEGER, follow_up TEXT, data_period TEXT,
  spinal_tumour INTEGER NOT NULL DEFAULT 0, -- 1 where its title or opening names tumours of the spine
  retracted INTEGER NOT NULL DEFAULT 0, -- 1: a source or a notice says so
  digest INTEGER NOT NULL DEFAULT 0,    -- 1: the project's own words about the article
  record_id TEXT NOT NULL               -- the record whose text carries the claims
) STRICT;

CREATE TABLE authors (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL, family TEXT, given TEXT, suffix TEXT,
  collective INTEGER NOT NULL DEFAULT 0, orcid TEXT,
  affiliations TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (article_id, position)
) STRICT;

-- Every input record and what became of it: input = stored + merged + rejected.
CREATE TABLE records (
  record_id TEXT PRIMARY KEY,           -- hash of source, locator and content
  source TEXT NOT NULL, locator TEXT NOT NULL, format TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('stored', 'merged', 'rejected')),
  article_id TEXT REFERENCES articles(article_id),
  reason TEXT,                          -- why merged or rejected
  sha256 TEXT,
  stated TEXT                           -- JSON: what a merged record itself states, field by field
) STRICT;

-- Which record each merged field of an article came from; links may come from several.
CREATE TABLE field_sources (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  field TEXT NOT NULL,
  record_id TEXT NOT NULL REFERENCES records(record_id),
  PRIMARY KEY (article_id, field, record_id)
) STRICT;

-- Articles kept apart that one might take for one another, both ways.
CREATE TABLE identity_flags (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  other_article_id TEXT NOT NULL REFERENCES articles(article_id),
  flag TEXT NOT NULL
    CHECK (flag IN ('shared_doi', 'conflicting_identifiers', 'vetoed', 'ambiguous', 'possible',
      'by_hand')),
  detail TEXT NOT NULL,
  PRIMARY KEY (article_id, other_article_id, flag, detail)
) STRICT;

CREATE TABLE article_links (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  relation TEXT NOT NULL, raw TEXT NOT NULL, pmid TEXT, doi TEXT,
  target_article_id TEXT REFERENCES articles(article_id),
  stated INTEGER NOT NULL DEFAULT 1     -- 0: no source states it, titles and authors agree
) STRICT;

-- The verbatim text of every stored article: offsets of claims point into it.
CREATE TABLE documents (
  article_id TEXT PRIMARY KEY REFERENCES articles(article_id),
  text TEXT NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL
) STRICT;

CREATE TABLE sections (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  position INTEGER NOT NULL,
  heading TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL, role TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  PRIMARY KEY (article_id, position)
) STRICT;

CREATE TABLE passages (
  passage_id TEXT PRIMARY KEY,          -- article_id:start
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  section INTEGER, role TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  text TEXT NOT NULL                    -- display text of the sentence
) STRICT;

CREATE TABLE markers (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, raw TEXT NOT NULL, role TEXT NOT NULL,
  reference_numbers TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE TABLE article_references (
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  position INTEGER NOT NULL, label INTEGER, raw TEXT NOT NULL,
  authors TEXT NOT NULL DEFAULT '[]', title TEXT, journal TEXT, year INTEGER, doi TEXT, pmid TEXT,
  PRIMARY KEY (article_id, position)
) STRICT;

CREATE TABLE concepts (
  concept_id TEXT PRIMARY KEY,
  facet TEXT NOT NULL,                  -- procedures, approaches, levels, tumours, sites, ...
  label TEXT NOT NULL,
  synonyms TEXT NOT NULL DEFAULT '[]',
  mesh TEXT, broader TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE TABLE claims (
  claim_id TEXT PRIMARY KEY,
  article_id TEXT NOT NULL REFERENCES articles(article_id),
  kind TEXT NOT NULL CHECK (kind IN ('approach', 'indication', 'outcome', 'risk')),
  subkind TEXT CHECK (subkind IN ('mitigation', 'prognostic', 'background', 'presentation')),
  quote TEXT NOT NULL,
  display TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  focus TEXT, focus_start INTEGER, focus_end INTEGER,
  section INTEGER, section_heading TEXT,
  assertion TEXT NOT NULL CHECK (assertion IN ('affirmed', 'negated', 'hedged', 'conditional')),
  temporality TEXT NOT NULL CHECK (temporality IN ('current', 'historical', 'future')),
  basis TEXT NOT NULL
    CHECK (basis IN ('patients', 'animal', 'in_vitro', 'cadaver', 'model', 'expert')),
  species TEXT,
  attribution TEXT NOT NULL CHECK (attribution IN ('own', 'cited')),
  cited_references TEXT NOT NULL DEFAULT '[]',
  polarity TEXT CHECK (polarity IN ('for', 'against', 'neutral')),
  strength TEXT, strength_wording TEXT, condition TEXT,
  direction TEXT CHECK (direction IN ('better', 'worse', 'no_difference')),
  measure TEXT, comparator TEXT,
  pattern TEXT NOT NULL,
  restates TEXT,                        -- claim_id of the first statement of the same fact
  -- 1 where the claim may enter an aggregate of patient results
  is_patient_result INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE claim_concepts (
  claim_id TEXT NOT NULL REFERENCES claims(claim_id),
  concept_id TEXT NOT NULL REFERENCES concepts(concept_id),
  facet TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  inherited INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (claim_id, concept_id)
) STRICT;

CREATE TABLE measurements (
  measurement_id TEXT PRIMARY KEY,
  claim_id TEXT NOT NULL REFERENCES claims(claim_id),
  measure TEXT, statistic TEXT NOT NULL,
  value REAL, low REAL, high REAL, spread REAL, operator TEXT, unit TEXT,
  numerator INTEGER, denominator INTEGER, n INTEGER,
  percent REAL, percent_derived REAL,
  time_months REAL, time_text TEXT,
  ci_low REAL, ci_high REAL, ci_level REAL, p_operator TEXT, p_value REAL,
  -- whom the number is about (an arm, those with a trait) and whom it is set against, as worded
  group_text TEXT, comparator TEXT,
  transition TEXT,                      -- the grades between which counted patients moved
  direction TEXT,
  derived INTEGER NOT NULL DEFAULT 0,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, written TEXT NOT NULL
) STRICT;

-- Mitigation claims and the risk claims they reduce.
CREATE TABLE mitigations (
  mitigation_id TEXT NOT NULL REFERENCES claims(claim_id),
  risk_id TEXT NOT NULL REFERENCES claims(claim_id),
  PRIMARY KEY (mitigation_id, risk_id)
) STRICT;

CREATE TABLE rules (
  rule_id TEXT PRIMARY KEY,             -- the file's name in queries/rules
  title TEXT NOT NULL, question TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('current', 'historical', 'prospective')),
  topic TEXT,
  source TEXT NOT NULL, source_year INTEGER, source_doi TEXT, source_pmid TEXT, -- where it was stated
  reviewed_by TEXT, reviewed_on TEXT, review_due TEXT,
  inputs TEXT NOT NULL, evidence_sql TEXT NOT NULL,
  caveats TEXT NOT NULL DEFAULT '[]', gaps TEXT NOT NULL DEFAULT '[]',
  strength_of_evidence TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE rule_cases (
  rule_id TEXT NOT NULL REFERENCES rules(rule_id),
  case_id TEXT NOT NULL, position INTEGER NOT NULL,
  "when" TEXT NOT NULL, "then" TEXT NOT NULL, strength TEXT NOT NULL,
  provenance TEXT,                      -- set where no source of the knowledge base states it
  told_by TEXT,                         -- which of the rule's evidence speaks to it; null: not told apart
  PRIMARY KEY (rule_id, case_id)
) STRICT;

-- Where sources or rules pull apart: one row a side, whose evidence is that rule's of that stance.
CREATE TABLE tensions (
  rule_id TEXT NOT NULL REFERENCES rules(rule_id),
  number INTEGER NOT NULL,
  about TEXT NOT NULL, note TEXT NOT NULL,
  side INTEGER NOT NULL, position TEXT NOT NULL,
  side_rule_id TEXT NOT NULL,           -- a rule of this table
  stance TEXT NOT NULL CHECK (stance IN ('supports', 'qualifies', 'contradicts')),
  side_case_id TEXT,                    -- only the evidence that speaks to this case of it
  PRIMARY KEY (rule_id, number, side)
) STRICT;

CREATE TABLE evidence (
  rule_id TEXT NOT NULL REFERENCES rules(rule_id),
  claim_id TEXT NOT NULL REFERENCES claims(claim_id),
  stance TEXT NOT NULL CHECK (stance IN ('supports', 'qualifies', 'contradicts')),
  reason TEXT NOT NULL,
  counted INTEGER NOT NULL,             -- 0: shown, but animal, cited, historical or retracted
  label TEXT,                           -- why it is not counted
  PRIMARY KEY (rule_id, claim_id)
) STRICT;

-- Of a rule's evidence, the claims that speak to one of its cases and not only to the rule.
CREATE TABLE case_evidence (
  rule_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  claim_id TEXT NOT NULL,
  PRIMARY KEY (rule_id, case_id, claim_id),
  FOREIGN KEY (rule_id, case_id) REFERENCES rule_cases(rule_id, case_id),
  FOREIGN KEY (rule_id, claim_id) REFERENCES evidence(rule_id, claim_id)
) STRICT;

-- The history of this file, not its content: what each build changed in the one it replaced. A
-- build that finds no older file, or changes nothing, adds nothing.
CREATE TABLE updates (
  number INTEGER PRIMARY KEY,           -- 1 is the first update of this history
  generation TEXT NOT NULL, built_at TEXT NOT NULL,
  previous_generation TEXT NOT NULL, previous_built_at TEXT NOT NULL,
  lineage TEXT NOT NULL,                -- generation of the first file of this history
  same_pipeline INTEGER NOT NULL        -- 0: another version of the program read the articles
) STRICT;

-- Ids here may be of what is no longer stored: they point nowhere.
CREATE TABLE changes (
  change_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL REFERENCES updates(number),
  position INTEGER NOT NULL,
  subject TEXT NOT NULL CHECK (subject IN ('article', 'claim', 'rule', 'evidence')),
  change TEXT NOT NULL CHECK (change IN ('new', 'changed', 'vanished', 'moved',
    'retracted', 'reinstated', 'gained', 'lost')),
  article_id TEXT, claim_id TEXT, rule_id TEXT,
  previous_id TEXT,
  stance TEXT, counted INTEGER, previous_stance TEXT, previously_counted INTEGER,
  words TEXT NOT NULL,                  -- the claim, the citation or the rule's title
  fields TEXT NOT NULL DEFAULT '[]'     -- what changed: [{"field", "old", "new"}]
) STRICT;

CREATE INDEX changes_number ON changes(number, subject, position);
CREATE INDEX changes_rule ON changes(rule_id);
CREATE INDEX changes_previous ON changes(previous_id);
CREATE INDEX claims_article ON claims(article_id, start);
CREATE INDEX claims_kind ON claims(kind, assertion);
CREATE INDEX claim_concepts_concept ON claim_concepts(concept_id);
CREATE INDEX measurements_claim ON measurements(claim_id);
CREATE INDEX measurements_measure ON measurements(measure);
CREATE INDEX evidence_claim ON evidence(claim_id);
CREATE INDEX case_evidence_claim ON case_evidence(claim_id);
CREATE INDEX records_outcome ON records(outcome);
CREATE INDEX passages_article ON passages(article_id);
CREATE INDEX article_links_article ON article_links(article_id);
CREATE INDEX markers_article ON markers(article_id);

-- Numbers told of parts of those with an event: "two of the five with a recurrence" is no rate of
-- recurrence. The event's own count of patients stands earlier in the same section and is the
-- part's denominator, without being told of that same denominator.
CREATE VIEW event_parts AS
SELECT measurements.measurement_id, measurements.claim_id, event.measurement_id AS event_measurement_id
FROM measurements JOIN claims USING (claim_id)
JOIN claims AS earlier ON earlier.article_id = claims.article_id AND earlier.section IS claims.section AND earlier.start < claims.start
JOIN measurements AS event ON event.claim_id = earlier.claim_id
WHERE event.unit = 'patients' AND event.measure IS NOT NULL AND (event.measure = measurements.measure OR measurements.measure IS NULL)
  AND event.numerator = measurements.denominator AND event.numerator IS NOT event.denominator;

-- What a rule's evidence query asks of a claim, in one row. There are no words of the source here:
-- a rule finds its evidence by concept and slot, so that an article that words it otherwise counts.
-- Lists of concepts are texts with blanks around each id: concepts like '% TES %'.
CREATE VIEW claim_facts AS
WITH own AS (
  SELECT claim_id, ' ' || group_concat(concept_id, ' ') || ' ' AS named,
    ' ' || group_concat(CASE WHEN facet = 'procedures' AND concept_id <> 'surgery' THEN concept_id END, ' ') || ' ' AS procedures,
    ' ' || group_concat(CASE WHEN facet = 'tumours' AND concept_id NOT IN ('metastasis', 'vertebral_tumour') THEN concept_id END, ' ') || ' ' AS tumours,
    ' ' || group_concat(CASE WHEN facet = 'sites' THEN concept_id END, ' ') || ' ' AS sites
  FROM claim_concepts WHERE inherited = 0 GROUP BY claim_id),
 every AS (SELECT claim_id, ' ' || group_concat(concept_id, ' ') || ' ' AS concepts FROM claim_concepts GROUP BY claim_id),
 whole AS (
  SELECT claims.article_id, ' ' || group_concat(DISTINCT concept_id) || ' ' AS listed
  FROM claims JOIN claim_concepts USING (claim_id) WHERE inherited = 0 GROUP BY claims.article_id),
 done AS (
  SELECT claims.article_id, ' ' || group_concat(DISTINCT concept_id) || ' ' AS listed
  FROM claims JOIN claim_concepts USING (claim_id)
  WHERE inherited = 0 AND facet = 'procedures' AND claims.kind = 'approach' AND claims.subkind IS NULL AND claims.is_patient_result = 0
    AND claims.basis = 'patients' AND claims.attribution = 'own' GROUP BY claims.article_id),
 written AS (
  SELECT claim_id, lower(coalesce(focus, display)) AS own_words, lower(display) AS all_words FROM claims),
 -- the tumours that a claim is about and all that they are kinds of
 kinds AS (
  SELECT concept_id AS root, concept_id FROM concepts WHERE facet = 'tumours'
  UNION SELECT kinds.root, wider.value FROM kinds JOIN concepts USING (concept_id), json_each(concepts.broader) AS wider),
 lesions AS (
  SELECT claim_id, max(kinds.concept_id = 'metastasis') AS spread, max(kinds.concept_id = 'primary_spinal_tumour') AS arisen,
    max(kinds.concept_id = 'intradural_tumour') AS intradural
  FROM claim_concepts JOIN kinds ON kinds.root = claim_concepts.concept_id GROUP BY claim_id),
 typed AS (
  SELECT claim_id, replace(replace(replace(
    substr(CASE WHEN own_words GLOB '*type[s ]*[1-7]*' THEN own_words ELSE all_words END,
      instr(CASE WHEN own_words GLOB '*type[s ]*[1-7]*' THEN own_words ELSE all_words END, 'type') + 4, 24) || ' ', ',', ' '), ')', ' '), '. ', '  ') AS tail
  FROM written WHERE all_words GLOB '*type[s ]*[1-7]*')
SELECT
  claims.claim_id, claims.article_id, claims.kind, claims.subkind, claims.pattern, claims.assertion, claims.temporality,
  claims.basis, claims.attribution,
  -- advice that is negated is advice against
  CASE WHEN claims.kind = 'indication' AND claims.subkind IS NULL AND claims.assertion = 'negated' AND claims.polarity = 'for'
    THEN 'against' ELSE claims.polarity END AS polarity,
  claims.strength, claims.direction, claims.measure,
  claims.is_patient_result, articles.spinal_tumour, articles.design, articles.year, articles.tes_series, articles.retracted,
  -- 1 where what a treatment is for was found to be no different: it did not lower, lengthen or relieve
  coalesce(claims.kind = 'outcome' AND claims.direction = 'no_difference' AND (claims.measure IS NULL OR claims.measure IN (
    'overall_survival', 'progression_free_survival', 'disease_free_survival', 'event_free_survival', 'recurrence_free_survival', 'life_expectancy', 'local_recurrence', 'recurrence_free', 'local_control',
    'local_progression', 'tumour_regrowth', 'pain', 'symptom_relief', 'ambulation', 'quality_of_life', 'activities_of_daily_living',
    'neurological_improvement', 'neurological_symptoms', 'frankel_grade', 'surgical_outcome', 'surgical_margin', 'blood_loss', 'transfusion',
    'epidural_bleeding', 'operative_time', 'length_of_stay', 'bony_fusion', 'spinal_stability', 'skeletal_related_event')), 0) AS no_gain,
  -- 1 where it tells who was studied and not how they fared
  coalesce(claims.kind IN ('outcome', 'risk') AND claims.measure IN ('age', 'sex', 'follow_up', 'histology', 'primary_site', 'tumour_level', 'levels_involved', 'symptom_duration',
    'patients_included', 'patients_treated', 'lesions_included'), 0) AS baseline,
  -- 1 where all tumours it is about arose in the spine, 1 where all are of the dural sac
  coalesce(lesions.arisen = 1 AND lesions.spread = 0 OR lesions.intradural = 1 AND lesions.spread = 0, 0) AS primary_only,
  coalesce(lesions.intradural = 1 AND lesions.spread = 0 AND lesions.arisen = 0, 0) AS intradural,
  coalesce(every.concepts, ' ') AS concepts,   -- all it is about, from its context too
  coalesce(own.named, ' ') AS named,           -- what its own words name
  coalesce(own.procedures, ' ') AS procedures, -- of these, what is done; plain surgery is left out
  coalesce(own.tumours, ' ') AS tumours,       -- the tumours told apart
  coalesce(own.sites, ' ') AS sites,           -- the primary sites
  -- what it names as what was not done, or on the far side of a comparison: "than in", "compared with"; a claim
  -- that is itself the far side ("versus 900 ml") names the near one outside its own words
  coalesce((SELECT ' ' || group_concat(concept_id, ' ') || ' ' FROM claim_concepts AS named JOIN documents ON documents.article_id = claims.article_id
    WHERE named.claim_id = claims.claim_id AND inherited = 0 AND facet IN ('procedures', 'scales') AND (
      (lower(substr(documents.text, max(named.start - 7, 1), min(named.start, 8))) GLOB '*[^a-z]non[- ]'
        OR lower(substr(documents.text, max(named.start - 7, 1), min(named.start, 8))) GLOB '*without ')
      <> CASE WHEN claims.focus GLOB '[Vv]ersus *' OR claims.focus GLOB '[Vv]s[. ]*' OR claims.focus GLOB 'than *' OR claims.focus GLOB 'compared *'
        THEN named.start NOT BETWEEN claims.focus_start AND claims.focus_end
        ELSE substr(lower(claims.quote), 1, named.start - claims.start) GLOB '* than *'
          OR substr(lower(claims.quote), 1, named.start - claims.start) GLOB '* compared *' END)), ' ') AS spared,
  -- what it names only as a point in time or as whose result it is: "the day after embolization", "in the embolization group,"
  coalesce((SELECT ' ' || group_concat(concept_id, ' ') || ' ' FROM claim_concepts AS named JOIN documents ON documents.article_id = claims.article_id
    WHERE named.claim_id = claims.claim_id AND inherited = 0 AND facet = 'procedures'
      AND (lower(substr(documents.text, max(named.start - 5, 1), 6)) IN ('after ', 'efore ', 'owing ', ' until')
        OR named.start - claims.start < 12 AND claims.quote GLOB 'In the * group, *')), ' ') AS later,
  coalesce((SELECT group_concat(beside.named, '') FROM claims AS other JOIN own AS beside USING (claim_id)
    WHERE other.article_id = claims.article_id AND other.start = claims.start), ' ') AS sentence, -- what the claims of its sentence name
  coalesce((SELECT earlier.procedures FROM claims AS other JOIN own AS earlier USING (claim_id)
    WHERE other.article_id = claims.article_id AND other.section = claims.section AND other.start < claims.start
      AND trim(earlier.procedures) <> '' ORDER BY other.start DESC, other.focus_start DESC LIMIT 1), ' ') AS before, -- what was done in the claim before
  coalesce(replace(done.listed, ',', ' '), ' ') AS performed, -- what the article's own patients had
  coalesce(replace(whole.listed, ',', ' '), ' ') AS article,  -- all that the article's claims name
  ' ' || CASE WHEN typed.tail GLOB '*[^0-9.]1[^0-9.]*' THEN '1 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]2[^0-9.]*' THEN '2 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]3[^0-9.]*' THEN '3 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]4[^0-9.]*' THEN '4 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]5[^0-9.]*' THEN '5 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]6[^0-9.]*' THEN '6 ' ELSE '' END
    || CASE WHEN typed.tail GLOB '*[^0-9.]7[^0-9.]*' THEN '7 ' ELSE '' END AS types, -- surgical types: "type 4 or 5"
  (SELECT count(*) FROM measurements WHERE measurements.claim_id = claims.claim_id) AS numbers,
  (SELECT count(*) FROM measurements WHERE measurements.claim_id = claims.claim_id AND statistic IN ('mean', 'median')) AS averages
FROM claims JOIN articles USING (article_id)
LEFT JOIN every USING (claim_id) LEFT JOIN lesions USING (claim_id) LEFT JOIN own USING (claim_id) LEFT JOIN typed USING (claim_id)
LEFT JOIN done ON done.article_id = claims.article_id LEFT JOIN whole ON whole.article_id = claims.article_id;
