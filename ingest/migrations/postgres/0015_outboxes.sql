-- What a transaction wants the world to hear, written in the transaction itself and sent by the worker afterwards:
-- a crash in between repeats a message under the same id, and never loses one.

-- Events of our own making (flags, scores, reviews) on their way to the EVENTS stream.
create table ingest.event_outbox (
    outbox_id  bigint generated always as identity primary key,
    event_id   uuid not null unique,
    subject    text not null,     -- of the stream: events.<company>.<type>
    event      bytea not null,    -- as ingest.events encodes it
    emitted_at timestamptz not null default now()
);

-- Messages for live streams of one company, by the names of the catalogue of live updates.
create table serving.announcements (
    announcement_id bigint generated always as identity primary key,
    company_id      uuid not null,
    name            text not null,
    message_id      text not null unique,
    data            jsonb not null,
    announced_at    timestamptz not null default now()
);

create function serving.announce(company_id uuid, name text, message_id text, data jsonb) returns void
language sql as $$
    insert into serving.announcements (company_id, name, message_id, data)
    values ($1, $2, $3, $4) on conflict do nothing;
    select pg_notify('outboxes', '');
$$;
