-- A batch lands, is judged, and is then published, withheld or discarded. A file may hold several tables (the buddy
-- system's JSON and XLSX exports): each is a batch, told apart by its part.
alter table ingest.batches
    add column part text not null default '',
    add column landed_at timestamptz,  -- all rows judged, all events in raw.landed_events
    add column published_through_row bigint not null default 0,
    add column verdict jsonb,  -- what the gate said
    add column decided_by text,  -- who released or discarded a withheld batch
    add column decided_at timestamptz,
    add column kept_path text,  -- where a quarantined file is kept
    add column problem text;  -- why a file is in quarantine

alter table ingest.batches drop constraint batches_status_check;
alter table ingest.batches add constraint batches_status_check check (
    status in ('pending', 'running', 'completed', 'failed', 'paused', 'withheld', 'discarded', 'quarantined')
);
-- The same bytes again are refused, unless the first batch of them was discarded.
alter table ingest.batches drop constraint batches_file_sha256_key;
create unique index batches_content on ingest.batches (file_sha256, part) where status <> 'discarded';
