-- The commit point of every webhook. A 2xx leaves only after these rows are on disk.

-- Narrow, kept for ever: one row per delivery ever accepted, so that a duplicate is recognised without a time window.
create table ingest.deliveries (
    source      text not null,
    delivery_id text not null,
    body_sha256 bytea not null,
    received_at timestamptz not null default now(),
    primary key (source, delivery_id)
);

-- Wide, short-lived: the raw request until the relay has handed it to JetStream.
create table ingest.inbox (
    inbox_id    bigint generated always as identity primary key,
    source      text not null,
    delivery_id text not null,
    kind        text not null,  -- the path's last part, e.g. session-completed
    headers     jsonb not null,
    body        bytea not null,
    -- Set when the signature was right and the body was not: goes to DEAD_LETTERS, is never processed.
    problem     text,
    received_at timestamptz not null default now()
);

-- The same delivery id with another body: refused with 409, and kept here as evidence.
create table ingest.delivery_conflicts (
    conflict_id bigint generated always as identity primary key,
    source      text not null,
    delivery_id text not null,
    body_sha256 bytea not null,
    received_at timestamptz not null default now()
);
