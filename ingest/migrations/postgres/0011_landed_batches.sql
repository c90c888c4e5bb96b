-- A batch lands, is judged, and is then published, withheld or discarded. A file may hold several tables (the buddy
-- system's JSON and XLSX exports): each is a batch, told apart by its part.
alter table ingest.batches
    add column part text not null default '',
    -- How the rows are cut, for this batch for good: what a token of an insert stands for must not change.
    add column chunk_rows integer not null default 50000,
    add column group_rows integer not null default 250000,
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

-- Whom a batch's rows introduce, until the batch is published.
create table ingest.landed_people (
    batch_id          uuid not null references ingest.batches on delete cascade,
    file_row          bigint not null,
    person_id         uuid not null references ingest.people on delete cascade,
    buddy_external_id text,
    first_name        text,
    last_name         text,
    program_type      text not null,
    role              text not null check (role in ('participant', 'volunteer')),
    joined_on         date not null,
    primary key (batch_id, file_row)
);
create index landed_people_person on ingest.landed_people (person_id);

-- On which side of which programme a person joined, as the sources' user exports say.
create table ingest.person_roles (
    person_id    uuid not null references ingest.people on delete cascade,
    program_type text not null check (
        program_type in ('mentors_ukraine', 'language_ukraine', 'buddy', 'upskilling', 'weei')
    ),
    role         text not null check (role in ('participant', 'volunteer')),
    joined_on    date not null,
    primary key (person_id, program_type, role)
);
