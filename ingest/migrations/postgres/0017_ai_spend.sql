-- What calls of models may cost, have cost and could still cost. Amounts are whole micro-dollars: a millionth of a
-- US dollar, so that a price per million tokens in dollars is one per token here. Ids and amounts alone, no texts,
-- but for ai.kept_answers.
create schema ai;

-- What a company may spend in a calendar month (UTC), each amount from a day on. The
-- row without a company is the cap of all that have none of their own.
create table ai.caps (
    company_id       uuid references ingest.companies on delete cascade,
    effective_from   date not null,
    cap_microdollars bigint not null check (cap_microdollars between 0 and 1000000000000),
    set_at           timestamptz not null default now(),
    set_by           text not null,
    unique nulls not distinct (company_id, effective_from)
);
insert into ai.caps (company_id, effective_from, cap_microdollars, set_by)
values (null, '1970-01-01', 1000000000, 'migration 0017');

create function ai.cap_of(company uuid, day date) returns bigint
language sql stable as $$
    select cap_microdollars from ai.caps
    where (company_id = company or company_id is null) and effective_from <= day
    order by company_id is null, effective_from desc
    limit 1
$$;

-- A company's month. Every reservation passes through this one row, so that no two are granted the same money.
create table ai.months (
    company_id            uuid not null references ingest.companies on delete cascade,
    month                 date not null check (extract(day from month) = 1),
    spent_microdollars    bigint not null default 0 check (spent_microdollars >= 0),
    reserved_microdollars bigint not null default 0 check (reserved_microdollars >= 0),
    warned_percent        smallint not null default 0,  -- the highest threshold that was announced
    refused_count         bigint not null default 0,
    primary key (company_id, month)
);

-- Money put aside for a call that has not been settled. One that expires is settled at the whole amount.
create table ai.reservations (
    call_id               uuid primary key,
    company_id            uuid not null,
    month                 date not null,
    provider              text not null,
    model                 text not null,
    model_version         text not null,
    purpose               text not null,
    request_id            uuid not null,      -- the same for every attempt at one text
    attempt               smallint not null check (attempt >= 1),
    is_batch              boolean not null,
    reserved_microdollars bigint not null check (reserved_microdollars > 0),
    reserved_at           timestamptz not null,
    expires_at            timestamptz not null,
    foreign key (company_id, month) references ai.months on delete cascade
);
create index reservations_expiry on ai.reservations (expires_at);

-- One row per attempt to call a model, whatever came of it.
create table ai.ledger (
    call_id               uuid primary key,
    company_id            uuid not null,
    month                 date not null,
    provider              text not null,
    model                 text not null,
    model_version         text not null,
    purpose               text not null,
    request_id            uuid not null,
    attempt               smallint not null,
    is_batch              boolean not null,
    -- answered: usable and paid. unusable: paid, not usable. refused: the provider said no and charges nothing.
    -- unknown: no answer came, taken as the worst case. expired: nobody settled it, taken as the worst case.
    outcome               text not null check (outcome in ('answered', 'unusable', 'refused', 'unknown', 'expired')),
    input_tokens          bigint not null,    -- neither written to the cache nor read from it
    cache_write_5m_tokens bigint not null,
    cache_write_1h_tokens bigint not null,
    cache_read_tokens     bigint not null,
    output_tokens         bigint not null,
    reserved_microdollars bigint not null,
    cost_microdollars     bigint not null check (cost_microdollars >= 0),
    priced_from           date,               -- the price's first day; null: no price was needed or none was known
    provider_message_id   text,
    http_status           smallint,
    latency_ms            double precision not null,
    called_at             timestamptz not null,
    settled_at            timestamptz not null
);
create index ledger_company on ai.ledger (company_id, called_at);

-- The ledger by day and model, kept with it in the same transactions: what the API and Prometheus read.
create table ai.daily_costs (
    company_id        uuid not null,
    day               date not null,          -- of the call, UTC
    provider          text not null,
    model             text not null,
    model_version     text not null,
    purpose           text not null,
    outcome           text not null,
    calls_count       bigint not null,
    input_tokens      bigint not null,        -- with those written to the cache and read from it
    output_tokens     bigint not null,
    cost_microdollars bigint not null,
    latency_ms        double precision not null,
    primary key (company_id, day, provider, model, model_version, purpose, outcome)
);

-- The moments of a company's last requests, as many as it may make in a minute: a minute that slides, in one row.
create table ai.request_minutes (
    company_id   uuid primary key references ingest.companies on delete cascade,
    requested_at timestamptz[] not null
);

-- Message batches on their way. The texts stay where they are; a call's id is the batch's name for one.
create table ai.batches (
    batch_id          uuid primary key,
    provider_batch_id text unique,            -- null: being submitted, or its process died while it was
    model_version     text not null,
    submitted_at      timestamptz not null,
    collected_at      timestamptz
);
create table ai.batch_calls (
    call_id  uuid primary key,
    batch_id uuid not null references ai.batches on delete cascade,
    text_id  uuid not null
);
create index batch_calls_batch on ai.batch_calls (batch_id);

-- Answers kept for a day under the caller's Idempotency-Key. Personal data: an answer quotes the redacted text.
create table ai.kept_answers (
    company_id     uuid not null references ingest.companies on delete cascade,
    key            text not null,
    request_hash   bytea not null,            -- keyed, so that a text cannot be guessed from it
    answer         jsonb,                     -- null: still being made
    begun_at       timestamptz not null default now(),
    primary key (company_id, key)
);
create index kept_answers_age on ai.kept_answers (begun_at);
