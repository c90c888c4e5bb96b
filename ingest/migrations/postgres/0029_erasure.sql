-- Who was erased, in a way that tells nobody who that was; and each erasure, step by step, with its certificate.
create schema if not exists privacy;

-- Checked at every door before anything is written. A keyed hash each of the person, of every id and email they were
-- known by, and of the matches they were in; the key lies in the data folder, not here. Rows are added, never changed.
create table privacy.tombstones (
    tombstone_id bigint generated always as identity primary key,
    subject_hash bytea not null unique check (octet_length(subject_hash) = 32),
    key_id       bytea not null,               -- which key: another one would let everybody back in
    request_id   uuid,                         -- null: a person who came back with a restored backup
    erased_at    timestamptz not null default now()
);

-- One erasure is one pass over all stores, for one person or a thousand.
create table privacy.erasures (
    erasure_id          uuid primary key,
    state               text not null default 'running' check (state in ('running', 'partial', 'certified')),
    declarations_sha256 text not null,         -- the declarations the plan was made from
    plan_sha256         text not null,
    plan                jsonb not null,        -- relations in their order, with what is done to each
    person_count        integer not null,
    request_ids         uuid[] not null,       -- requests that it carries out
    subject_hashes      bytea[] not null default '{}',  -- of its people, once their tombstones stand
    run_id              text,                  -- Dagster's, of the last attempt
    attempt_count       integer not null default 0,
    begun_at            timestamptz not null default now(),
    finished_at         timestamptz
);

-- Personal data: whom an erasure is about and the words they are searched by. Emptied when the certificate is signed.
create table privacy.erasure_subjects (
    erasure_id uuid not null references privacy.erasures,
    person_id  uuid not null,
    request_id uuid,
    words      text[] not null,                -- ids and emails of theirs, in lower case
    primary key (erasure_id, person_id)
);
create index erasure_subjects_request on privacy.erasure_subjects (request_id);

-- What was done to each relation. A step that is done is not done again by the next attempt.
create table privacy.erasure_steps (
    erasure_id  uuid not null references privacy.erasures,
    step        text not null,                 -- tombstones, or the key of a relation
    lane        text not null,                 -- which lane does it: tombstones, postgres, clickhouse, jetstream, folders, files
    position    integer not null,
    state       text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    rows_before bigint,                        -- of the people; rows, messages or files
    rows_after  bigint,
    detail      jsonb not null default '{}',   -- counts, query ids, parts; nothing of a person
    problem     text,
    begun_at    timestamptz,
    finished_at timestamptz,
    primary key (erasure_id, step)
);

-- Signed, and chained: each names the hash of the one before.
create table privacy.certificates (
    sequence        bigint primary key,
    certificate_id  uuid not null unique,
    erasure_id      uuid not null unique references privacy.erasures,
    body            text not null,             -- canonical JSON, as it was signed; no personal data
    signature       bytea not null,
    sha256          bytea not null,
    previous_sha256 bytea,
    issued_at       timestamptz not null,
    verified_at     timestamptz,               -- when it was last counted again
    remaining_count bigint                     -- what that found
);

-- A delivery that names an erased person is settled without an event.
alter table ingest.deliveries drop constraint deliveries_outcome_check;
alter table ingest.deliveries add constraint deliveries_outcome_check
    check (outcome in ('published', 'known', 'retrying', 'dead', 'erased'));

create function privacy.keep_tombstones() returns trigger
language plpgsql as $$
begin
    raise exception 'tombstones stay: without them an erased person would come back with the next delivery';
end
$$;
create trigger tombstones_stay before update or delete or truncate on privacy.tombstones
    for each statement execute function privacy.keep_tombstones();
