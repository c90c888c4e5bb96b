-- Landed events keep their texts as written, since ids follow from them and a batch is judged by them, for the minutes
-- until they are published; what is published in the place of `data` is sealed (ingest.sealing).
alter table raw.landed_events add column if not exists
    sealed String comment 'data with its texts sealed; empty where there is none' after data;

-- New contents of rows that are in raw.events: texts sealed later, or ended by retention. Emptied after each use.
create table if not exists raw.text_rewrites (
    event_id UUID,
    data     String
)
engine = Join(any, left, event_id);

-- What no company may keep for longer, ClickHouse ends by itself; the exact moment is that of a company, and retention's
-- (orchestration/privacy/retention).
alter table raw.landed_events modify ttl toDateTime(landed_at) + interval 90 day;

alter table nlp.verdicts modify ttl toDateTime(screened_at) + interval 2555 day;
