-- What models said of cleared texts. Written by scoring and by nothing else; read with FINAL.
create database if not exists nlp;

-- One row per text and model. Written last, after the events that follow from it, so that a text without a row is
-- one that scoring has not finished with. A text that may no longer be read gets a newer row, without words, that
-- FINAL leaves out.
create table if not exists nlp.text_scores (
    text_id           UUID,
    text_sha256       String comment 'The version of the text that was scored: the keyed hash of the original',
    company_id        UUID comment 'Nil where no company is known',
    person_id         UUID comment 'The participant the text is about; nil where unknown',
    text_type         LowCardinality(String),
    language          LowCardinality(String),
    written_at        DateTime64(3, 'UTC') comment 'Decides the period the scores count in',
    labels            String comment 'JSON: changes, language_comfort, employability_signals, risk_cues, topics, probabilities; null is undecided' codec(ZSTD(3)),
    scores            Map(LowCardinality(String), Float64) comment 'By outcome dimension; an undecided one is missing',
    confidences       Map(LowCardinality(String), Float64) comment 'By outcome dimension',
    topics            Array(LowCardinality(String)),
    evidence          Array(Tuple(label String, start UInt32, end UInt32, snippet String, reason String)) comment 'Places in the redacted content, and its words there',
    model_version     LowCardinality(String),
    prompt_version    LowCardinality(Nullable(String)),
    prompt_sha256     LowCardinality(Nullable(String)),
    method            LowCardinality(String),
    input_tokens      UInt32,
    output_tokens     UInt32,
    cost_microdollars UInt64,
    latency_ms        Float64,
    is_shadow         Bool comment 'Scored beside the serving model, without effect',
    is_withdrawn      UInt8 default 0,
    scored_at         DateTime64(6, 'UTC')
)
engine = ReplacingMergeTree(scored_at, is_withdrawn)
partition by toYYYYMM(written_at)
order by (model_version, company_id, text_id);
