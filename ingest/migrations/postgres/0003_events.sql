-- The second guard: an event id is claimed once, whichever delivery or file it came in.
create table ingest.event_ids (
    event_id     uuid primary key,
    event_type   text not null,
    origin       text not null,  -- 'kintell:<delivery id>' or 'batch:<batch id>:<chunk>'
    claimed_at   timestamptz not null default now(),
    -- Null between the claim and the broker's acknowledgement: such an event is published again after a crash.
    published_at timestamptz
);

-- One row per imported file; the checkpoint of a backfill.
create table ingest.batches (
    batch_id           uuid primary key default gen_random_uuid(),
    file_name          text not null,
    file_sha256        bytea not null unique,  -- the same file again is refused with this batch's id
    file_bytes         bigint not null,
    file_format        text not null,          -- e.g. kintell-language-v1.1
    program_type       text,
    source_system      text not null check (source_system in ('kintell', 'buddy', 'upskilling', 'manual')),
    import_method      text not null default 'csv_upload',
    status             text not null default 'pending' check (
        status in ('pending', 'running', 'completed', 'failed', 'paused')
    ),
    total_rows         bigint,
    success_rows       bigint not null default 0,
    error_rows         bigint not null default 0,
    skipped_rows       bigint not null default 0,
    event_count        bigint not null default 0,
    last_processed_row bigint not null default 0,
    error_file_path    text,
    error_summary      jsonb not null default '{}',
    started_at         timestamptz,
    finished_at        timestamptz,
    created_at         timestamptz not null default now()
);
