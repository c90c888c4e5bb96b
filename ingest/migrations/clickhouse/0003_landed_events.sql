-- Events of files on their way into raw.events: written here, judged as a whole batch, then published or dropped.
-- A partition is a batch, so that a published batch goes at once. Rows live for minutes, unless a batch is withheld:
-- light compression, and parts that are not merged.
create table if not exists raw.landed_events (
    batch_id    UUID,
    file_row    UInt64 comment 'Row of the file that said it; 1 is the first below the header',
    event_id    UUID,
    event_type  LowCardinality(String),
    source      LowCardinality(String),
    subject     String,
    company_id  UUID,
    person_id   UUID,
    event_time  DateTime64(3, 'UTC'),
    source_time DateTime64(3, 'UTC'),
    data        String,
    landed_at   DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree
partition by batch_id
order by file_row
settings non_replicated_deduplication_window = 10000;

-- Landed events that the platform had already when their batch was published: left out of it.
create table if not exists raw.landed_known_events (
    batch_id UUID,
    event_id UUID
)
engine = MergeTree
partition by batch_id
order by event_id;
