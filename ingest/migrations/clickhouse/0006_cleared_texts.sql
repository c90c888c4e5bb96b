-- Texts on their way to a model: what the gate let pass, and what it found in every text.
create database if not exists nlp;

-- The only texts that scoring, evidence and reports may read, always with FINAL: screened, redacted, current.
-- Written by the gate and by nothing else. A text that may no longer be read gets a newer row, without its content,
-- that FINAL leaves out; it lies in the partition of the row it withdraws, so that merging takes the words away.
create table if not exists nlp.cleared_texts (
    text_id             UUID comment 'One per event subject; a corrected event is a new version of the same text',
    text_type           LowCardinality(String) comment 'kintell_feedback, buddy_feedback or checkin_note',
    company_id          UUID comment 'Nil where no company is known',
    person_id           UUID comment 'The participant the text is about; nil where the event names none',
    program_instance_id Nullable(UUID),
    event_id            UUID comment 'The version of the event that holds the original',
    subject             String,
    written_at          DateTime64(3, 'UTC'),
    language            LowCardinality(String) comment 'en, uk, no, other or unknown',
    content             String comment 'Redacted: placeholders stand for what names a person' codec(ZSTD(3)),
    text_sha256         String comment 'Keyed hash of the original: equal texts can be told, none can be guessed',
    character_count     UInt32 comment 'Of the redacted content',
    redaction_version   LowCardinality(String),
    safety_version      LowCardinality(String),
    verdict_id          UUID,
    released            Bool comment 'A reviewer let it pass; else screening did',
    is_withdrawn        UInt8 default 0,
    cleared_at          DateTime64(6, 'UTC')
)
engine = ReplacingMergeTree(cleared_at, is_withdrawn)
partition by toYYYYMM(written_at)
order by (company_id, text_id);

-- What screening found in a version of a text. No words: rules, places and a keyed hash. Written last, after what
-- follows from it, so that a version without a verdict is one the gate has not finished with.
create table if not exists nlp.verdicts (
    verdict_id     UUID comment 'Follows from event id and safety version: the same verdict again is the same row',
    text_id        UUID,
    text_sha256    String,
    event_id       UUID,
    company_id     UUID,
    person_id      UUID,
    text_type      LowCardinality(String),
    subject        String,
    written_at     DateTime64(3, 'UTC'),
    source_time    DateTime64(3, 'UTC') comment 'When the source said so: the newest version of a text counts',
    language       LowCardinality(String),
    action         LowCardinality(String) comment 'allow, warn, hold, block or escalate; none: no text in this version',
    categories     Array(LowCardinality(String)) comment 'One entry per finding, as in the five arrays below',
    severities     Array(LowCardinality(String)),
    rules          Array(LowCardinality(String)),
    starts         Array(UInt32) comment 'In characters of the original',
    ends           Array(UInt32),
    confidences    Array(Float64),
    confidence     Float64,
    safety_version LowCardinality(String),
    screened_at    DateTime64(6, 'UTC')
)
engine = ReplacingMergeTree(screened_at)
partition by toYYYYMM(written_at)
order by (text_id, event_id, safety_version);
