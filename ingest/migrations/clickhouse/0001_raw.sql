create database if not exists raw;

-- One row per event, in the order reports read them. Re-inserted events collapse to the latest load of an event id.
-- Partitioned by month alone: partitions by company or programme would mean many small parts and slow erasure.
create table if not exists raw.events (
    event_id       UUID,
    event_type     LowCardinality(String),
    source         LowCardinality(String),
    subject        String comment 'Natural key at the source, e.g. session/LS-40217: versions of one fact share it',
    company_id     UUID comment 'Attributed when the event was written; nil where no company is known',
    person_id      UUID comment 'The participant or user the event is about; nil where the event names none',
    event_time     DateTime64(3, 'UTC') comment 'When it happened',
    source_time    DateTime64(3, 'UTC') comment 'When the source said so: the newest version of a subject wins',
    correlation_id String,
    data           String comment 'The event type''s fields as JSON, see ingest/contracts' codec(ZSTD(3)),
    stream_seq     UInt64 comment 'JetStream sequence; 0 for backfilled rows',
    origin         String comment 'Delivery or batch that brought it',
    loaded_at      DateTime64(6, 'UTC') default now64(6),
    index stream_seq_range stream_seq type minmax granularity 1,
    index loaded_at_range loaded_at type minmax granularity 1
)
engine = ReplacingMergeTree(loaded_at)
partition by toYYYYMM(event_time)
order by (company_id, person_id, event_time, event_id)
settings non_replicated_deduplication_window = 10000;

-- Reference data, replaced as a whole from Postgres. Ids only: no name, no email of a person.
create table if not exists raw.companies (
    company_id    UUID,
    name          String,
    industry      LowCardinality(String),
    country       LowCardinality(String),
    employee_size LowCardinality(String),
    time_zone     LowCardinality(String),
    copied_at     DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by company_id;

create table if not exists raw.company_members (
    company_id UUID,
    person_id  UUID,
    joined_on  Date32,
    left_on    Nullable(Date32),
    is_primary Bool,
    copied_at  DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by (company_id, person_id, joined_on);

create table if not exists raw.program_instances (
    program_instance_id UUID,
    company_id          Nullable(UUID),
    program_type        LowCardinality(String),
    program_name        String,
    program_slug        String,
    start_date          Date32,
    end_date            Nullable(Date32),
    status              LowCardinality(String),
    copied_at           DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by program_instance_id;
