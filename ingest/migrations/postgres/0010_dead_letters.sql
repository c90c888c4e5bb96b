-- Who redrove or discarded dead letters, which ones and how many.
create table ingest.dead_letter_actions (
    action_id    bigint generated always as identity primary key,
    action       text not null check (action in ('replay', 'discard')),
    actor        text not null,           -- 'cli:<system user>', 'dagster:<run id>' or the API's caller id
    filters      jsonb not null,
    letter_count integer not null default 0,
    started_at   timestamptz not null default now(),
    finished_at  timestamptz              -- null: still at work, or died before its end
);

-- The index of the stream DEAD_LETTERS, which holds the bytes. Narrow: ids, classes, times, reasons; no payload.
create table ingest.dead_letters (
    letter_id       bigint primary key,   -- sequence in the stream
    stored_at       timestamptz not null, -- by the broker's clock; another time under the same id is another stream
    source          text not null,
    kind            text not null,
    message_key     text not null,
    delivery_id     text,                 -- null: not a delivery, such as an unreadable event
    error_class     text not null check (error_class in ('transient', 'permanent', 'unknown')),
    reason          text not null,        -- the last error
    first_error     text not null,
    attempts        integer not null,
    first_failed_at timestamptz not null,
    died_at         timestamptz not null,
    code_version    text not null,
    replay_of       bigint,               -- it was redriven before, as this letter
    -- gone: the stream has forgotten its bytes before anyone acted on it
    state           text not null default 'waiting' check (state in ('waiting', 'replayed', 'discarded', 'gone')),
    settled_at      timestamptz,
    action_id       bigint references ingest.dead_letter_actions
);
create index dead_letters_waiting on ingest.dead_letters (letter_id) where state = 'waiting';
create index dead_letters_delivery on ingest.dead_letters (source, delivery_id);
