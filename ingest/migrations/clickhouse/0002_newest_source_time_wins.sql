-- Copies of an event id collapse to the one its source wrote last, not the one that was loaded last: a version that
-- was overtaken on its way must not win by arriving late. An engine's version column cannot be altered, so the table
-- is written anew. Every statement may be repeated: a run that died half-way starts over with what is there.
drop table if exists raw.events_by_source_time;

create table raw.events_by_source_time (
    event_id       UUID,
    event_type     LowCardinality(String),
    source         LowCardinality(String),
    subject        String comment 'Natural key at the source, e.g. session/LS-40217: versions of one fact share it',
    company_id     UUID comment 'Attributed when the event was written; nil where no company is known',
    person_id      UUID comment 'The participant or user the event is about; nil where the event names none',
    event_time     DateTime64(3, 'UTC') comment 'When it happened',
    source_time    DateTime64(3, 'UTC') comment 'When the source said so: the newest version of a subject wins',
    correlation_id String,
    data           String comment 'The event type''s fields as JSON, see ingest/contracts' codec(ZSTD(1)),
    stream_seq     UInt64 comment 'JetStream sequence; 0 for backfilled rows',
    origin         String comment 'Delivery or batch that brought it',
    loaded_at      DateTime64(6, 'UTC') default now64(6),
    index stream_seq_range stream_seq type minmax granularity 1,
    index loaded_at_range loaded_at type minmax granularity 1
)
engine = ReplacingMergeTree(source_time)
partition by toYYYYMM(event_time)
order by (company_id, person_id, event_time, event_id)
settings non_replicated_deduplication_window = 10000;

insert into raw.events_by_source_time select * from raw.events settings max_partitions_per_insert_block = 0;

drop table if exists raw.events_by_load_time;

rename table raw.events to raw.events_by_load_time, raw.events_by_source_time to raw.events;

drop table raw.events_by_load_time;
