-- Events of files on their way into raw.events: written here, judged as a whole batch, then published or dropped.
-- A partition is a batch, so that a published batch goes at once. Rows live for minutes, unless a batch is withheld:
-- light compression, and parts that are not merged.
create table if not exists raw.landed_events (
    batch_id    UUID,
    file_row    UInt64 comment 'Row of the file that said it; 1 is the first below the header',
    event_type  LowCardinality(String),
    source      LowCardinality(String),
    subject     String,
    company_id  UUID,
    person_id   UUID,
    event_time  DateTime64(3, 'UTC'),
    source_time DateTime64(3, 'UTC'),
    data        String,
    -- ingest.events.event_id, said in SQL: ids of millions of rows cost a quarter of what they cost in Python.
    -- The namespace is the one of ingest.events; a test compares the two.
    digest      FixedString(20) ephemeral SHA1(concat(
        unhex('5b0e2f3a94b55d0c8a396f1d6c9e7d42'), event_type, '\n', subject, '\n', lower(hex(SHA256(data)))
    )),
    event_id    UUID default toUUID(concat(
        substring(hex(digest), 1, 8), '-', substring(hex(digest), 9, 4), '-5', substring(hex(digest), 14, 3), '-',
        substring('89ab', bitAnd(bitShiftRight(reinterpretAsUInt8(substring(digest, 9, 1)), 4), 3) + 1, 1),
        substring(hex(digest), 18, 3), '-', substring(hex(digest), 21, 12)
    )),
    landed_at   DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree
partition by batch_id
order by file_row
settings non_replicated_deduplication_window = 10000, max_bytes_to_merge_at_max_space_in_pool = 1;

-- Landed events that the platform had already when their batch was published: left out of it.
create table if not exists raw.landed_known_events (
    batch_id UUID,
    event_id UUID
)
engine = MergeTree
partition by batch_id
order by event_id;
