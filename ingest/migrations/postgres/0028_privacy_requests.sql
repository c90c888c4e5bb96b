-- What people ask of us about their data, and what we did. `orchestration/privacy/requests` is the one writer.
create schema if not exists privacy;

-- One row per request. Who the person is stands here alone, and is taken out when the person has been erased.
create table privacy.requests (
    request_id      uuid primary key default gen_random_uuid(),
    right_asked     text not null check (
        right_asked in ('access', 'portability', 'rectification', 'erasure', 'restrict', 'object')
    ),
    company_id      uuid references ingest.companies,  -- null: asked by the platform, about all companies' data
    subject_id      uuid,                    -- personal data: the person; null once erased
    state           text not null check (
        state in ('received', 'confirmed', 'held', 'running', 'completed', 'partial', 'failed', 'cancelled')
    ),
    step            text,                    -- the last one that was recorded
    progress        smallint not null default 0 check (progress between 0 and 100),
    error           text,                    -- ids, counts and classes; no names and no words
    is_immediate    boolean not null default false,
    reason          text,                    -- personal data at times: why at once, or why cancelled
    changes         jsonb,                   -- personal data: what a rectification puts right; null when it is done
    requested_by    text not null,           -- caller id; `subject` for the person
    idempotency_key text,
    order_sha256    bytea not null,          -- of what was asked: the same key with another order is refused
    attempt         integer not null default 0,  -- counts runs
    run_id          text,                    -- Dagster's, of the last attempt
    received_at     timestamptz not null,
    run_after       timestamptz not null,    -- the end of the grace period, or at once
    due_at          timestamptz not null,    -- a calendar month after it was received, or 72 h after the grace
    finished_at     timestamptz,
    check ((state in ('completed', 'partial', 'failed', 'cancelled')) = (finished_at is not null)),
    check (not is_immediate or reason is not null or subject_id is null)
);
create unique index requests_key on privacy.requests (coalesce(company_id, '00000000-0000-0000-0000-000000000000'),
    requested_by, idempotency_key) where idempotency_key is not null;
-- The same thing asked twice while the first is open is one request.
create unique index requests_open on privacy.requests (subject_id, right_asked,
    coalesce(company_id, '00000000-0000-0000-0000-000000000000'))
    where state in ('received', 'confirmed', 'held', 'running') and right_asked in ('access', 'portability', 'erasure');
create index requests_waiting on privacy.requests (run_after) where state in ('confirmed', 'held');
create index requests_company on privacy.requests (company_id, received_at desc, request_id);
create index requests_subject on privacy.requests (subject_id);

create function privacy.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only: nothing in it is changed or taken out', tg_table_schema || '.' || tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;

-- Every state and step of a request, as it happened. No personal data: the request's id stands for the person.
create table privacy.request_events (
    request_event_id bigint generated always as identity primary key,
    request_id       uuid not null references privacy.requests,
    state            text not null,
    step             text,
    progress         smallint not null,
    detail           jsonb not null default '{}',  -- counts and ids of things, never of people
    actor            text not null,                -- caller id, `subject`, or `run:<id>`
    recorded_at      timestamptz not null default clock_timestamp()
);
create index request_events_request on privacy.request_events (request_id, request_event_id);
create trigger is_append_only before update or delete or truncate on privacy.request_events
    for each statement execute function privacy.refuse_change();

-- Who did what about whose request, in one chain: each row carries the hash of the row before, so that a row that
-- was changed, taken out or put in between is found by reckoning the hashes again. No personal data.
create table privacy.audit (
    sequence      bigint primary key,            -- without gaps
    recorded_at   timestamptz not null,
    action        text not null check (action ~ '^[a-z][a-z_.]{2,60}$'),
    actor         text not null check (actor ~ '^[[:print:]]{1,250}$'),
    request_id    uuid,
    company_id    uuid,
    detail        jsonb not null default '{}',
    previous_hash bytea not null,
    hash          bytea not null
);
create index audit_request on privacy.audit (request_id);

-- The chain is made here and not by its writers, so that there is one, whichever process writes.
create function privacy.chain_audit() returns trigger
language plpgsql as $$
begin
    perform pg_advisory_xact_lock(7163202628);  -- one at a time: the next row follows from the last one committed
    select audit.sequence + 1, audit.hash into new.sequence, new.previous_hash
    from privacy.audit order by audit.sequence desc limit 1;
    if not found then
        new.sequence := 1;
        new.previous_hash := decode(repeat('00', 32), 'hex');
    end if;
    new.recorded_at := clock_timestamp();
    new.hash := sha256(new.previous_hash || convert_to(concat_ws(
        E'\n', new.sequence, to_char(new.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), new.action,
        new.actor, coalesce(new.request_id::text, ''), coalesce(new.company_id::text, ''), new.detail::text
    ), 'UTF8'));
    return new;
end
$$;
create trigger a_row_joins_the_chain before insert on privacy.audit
    for each row execute function privacy.chain_audit();
create trigger is_append_only before update or delete or truncate on privacy.audit
    for each statement execute function privacy.refuse_change();

-- What a person has agreed to. A withdrawal closes the row; agreeing anew is another one.
create table privacy.consents (
    consent_id   uuid primary key default gen_random_uuid(),
    person_id    uuid not null,                  -- personal data
    company_id   uuid references ingest.companies,  -- null: given to the platform
    purpose      text not null check (purpose in ('marketing', 'analytics', 'buddy_program', 'data_sharing')),
    legal_basis  text not null check (legal_basis in ('consent', 'contract', 'legitimate_interest')),
    text_version integer not null,               -- of the words that were shown
    language     text not null check (language in ('en', 'uk', 'no')),
    text_sha256  bytea not null,                 -- of those very words
    method       text not null check (method in ('explicit_opt_in', 'implicit', 'checkbox')),
    granted_at   timestamptz not null,
    expires_at   timestamptz,
    withdrawn_at timestamptz,
    replaced_at  timestamptz,                    -- the person was asked anew, and another row holds the answer
    recorded_by  text not null,
    check (legal_basis <> 'consent' or method <> 'implicit'),  -- silence is no consent
    check (expires_at is null or expires_at > granted_at),
    check (withdrawn_at is null or withdrawn_at >= granted_at)
);
create index consents_person on privacy.consents (person_id, purpose, granted_at desc);
create unique index consents_in_force on privacy.consents (person_id, purpose,
    coalesce(company_id, '00000000-0000-0000-0000-000000000000')) where withdrawn_at is null and replaced_at is null;

-- Whose data may be kept and not otherwise used. Readers leave these people out for as long as a row is not lifted.
create table privacy.restrictions (
    restriction_id uuid primary key default gen_random_uuid(),
    person_id      uuid not null,                -- personal data
    company_id     uuid references ingest.companies,  -- null: whichever company's data
    ground         text not null check (ground in ('accuracy', 'unlawful', 'legal_claim', 'objection')),
    request_id     uuid not null references privacy.requests,
    restricted_at  timestamptz not null,
    lifted_at      timestamptz,
    lifted_by      text,
    applied_at      timestamptz,                 -- when the gate of texts had withdrawn what readers saw
    lift_applied_at timestamptz                  -- and when it had let it pass again
);
create unique index restrictions_in_force on privacy.restrictions (person_id, ground,
    coalesce(company_id, '00000000-0000-0000-0000-000000000000')) where lifted_at is null;
create index restrictions_unapplied on privacy.restrictions (restricted_at)
    where applied_at is null or lift_applied_at is null and lifted_at is not null;

-- Finished exports: where the file lies, and until when it may be fetched.
create table privacy.downloads (
    request_id     uuid primary key references privacy.requests,
    file_name      text not null,                -- below <IMPACT_HOME>/privacy/exports
    file_bytes     bigint not null,
    file_sha256    bytea not null,
    created_at     timestamptz not null default now(),
    expires_at     timestamptz not null,
    removed_at     timestamptz,                  -- the file is gone: expired, or the person erased
    download_count integer not null default 0,
    last_at        timestamptz
);
create index downloads_there on privacy.downloads (expires_at) where removed_at is null;
