-- Deliveries of a company's numbers to its CSR suite. Aggregates only: no table here holds personal data, and the ids
-- of callers who approved or changed something are those of the access tables.
create schema impact_in;

-- Where a company's numbers go. `connector` is a folder of orchestration/impact_in/partners.
create table impact_in.connections (
    company_id      uuid not null references ingest.companies on delete cascade,
    platform        text not null check (platform ~ '^[a-z][a-z0-9_]{1,30}$'),
    connector       text not null,
    base_url        text not null,
    options         jsonb not null default '{}',  -- ids the partner knows the company by; no secrets
    mapping_version text,                         -- null: the newest
    updated_at      timestamptz not null default now(),
    updated_by      text not null,
    primary key (company_id, platform)
);

-- AES-256-GCM under IMPACT_DELIVERY_SECRETS_KEY, which the database does not hold. The newest row of a name counts.
create table impact_in.secrets (
    secret_id  uuid primary key,
    company_id uuid not null,
    platform   text not null,
    name       text not null,
    sealed     bytea not null,
    created_at timestamptz not null default now(),
    created_by text not null,
    foreign key (company_id, platform) references impact_in.connections on delete cascade
);
create index secrets_connection on impact_in.secrets (company_id, platform, name, created_at);

-- Access tokens that partners gave; encrypted likewise. They live for an hour and are to be used again.
create table impact_in.tokens (
    company_id uuid not null,
    platform   text not null,
    token_id   uuid not null,
    sealed     bytea not null,
    expires_at timestamptz not null,
    primary key (company_id, platform),
    foreign key (company_id, platform) references impact_in.connections on delete cascade
);

create table impact_in.schedules (
    schedule_id       uuid primary key default gen_random_uuid(),
    company_id        uuid not null,
    platform          text not null,
    cadence           text not null check (cadence in ('monthly', 'quarterly', 'weekly', 'daily', 'cron')),
    cron              text,                      -- five fields, for cadence cron alone
    grain             text not null check (grain in ('month', 'quarter', 'week', 'day')),  -- of what is reported
    hour              smallint not null default 0 check (hour between 0 and 23),
    time_zone         text,                      -- null: the company's
    missed            text not null default 'latest' check (missed in ('latest', 'all', 'report')),
    requires_approval boolean not null default false,
    sends_corrections boolean not null default true,
    is_active         boolean not null default true,
    version           integer not null default 1,
    next_due_at       timestamptz not null,
    created_at        timestamptz not null default now(),
    created_by        text not null,
    deleted_at        timestamptz,
    check ((cadence = 'cron') = (cron is not null)),
    foreign key (company_id, platform) references impact_in.connections on delete cascade
);
create index schedules_due on impact_in.schedules (next_due_at) where is_active and deleted_at is null;
create index schedules_company on impact_in.schedules (company_id, platform);

-- One row per schedule, partner and period, whoever and how many look for what is due: that is why nothing doubles.
create table impact_in.slots (
    slot_id       uuid primary key default gen_random_uuid(),
    schedule_id   uuid not null references impact_in.schedules,
    company_id    uuid not null,
    platform      text not null,
    grain         text not null,
    period        text not null,
    period_start  date not null,
    period_end    date not null,                 -- the last day
    due_at        timestamptz not null,
    -- planned: a delivery is to be made; missed: reported, not sent; no_data: nothing to send was ever published.
    state         text not null default 'planned' check (state in ('planned', 'filled', 'missed', 'no_data')),
    reason        text,
    look_at       timestamptz not null default now(),
    checked_version bigint,                      -- data version up to which corrections were looked for
    created_at    timestamptz not null default now(),
    unique (schedule_id, period, platform)
);
-- A second schedule of the same partner does not send a period again.
create unique index slots_period on impact_in.slots (company_id, platform, period);
create index slots_planned on impact_in.slots (look_at) where state = 'planned';
create index slots_filled on impact_in.slots (company_id, checked_version) where state = 'filled';

-- What would be sent, frozen. Approving makes a delivery of exactly these bytes.
create table impact_in.previews (
    preview_id      uuid primary key default gen_random_uuid(),
    schedule_id     uuid not null references impact_in.schedules,
    company_id      uuid not null,
    platform        text not null,
    grain           text not null,
    period          text not null,
    connector       text not null,
    mapping_version text not null,
    data_version    bigint not null,
    body            bytea not null,
    content_type    text not null,
    payload_sha256  bytea not null,
    withheld        text[] not null,
    created_at      timestamptz not null default now(),
    created_by      text not null,
    approved_at     timestamptz,
    approved_by     text,
    delivery_id     uuid
);
create index previews_schedule on impact_in.previews (schedule_id, created_at);

create table impact_in.scheduled_deliveries (
    delivery_id        uuid primary key default gen_random_uuid(),
    slot_id            uuid not null references impact_in.slots,
    revision           integer not null default 0,   -- 0: the report; then corrections, each with its number
    company_id         uuid not null,
    platform           text not null,
    period             text not null,
    period_start       date not null,
    period_end         date not null,
    connector          text not null,
    mapping_version    text not null,
    data_version       bigint not null,
    body               bytea not null,               -- as it is sent, byte for byte; secrets are headers
    content_type       text not null,
    payload_sha256     bytea not null,
    idempotency_key    text not null,
    withheld           text[] not null default '{}', -- numbers of groups too small to be told
    corrects           uuid references impact_in.scheduled_deliveries,
    changes            jsonb,                        -- of a correction: what differs from what was accepted
    status             text not null default 'due' check (
        status in ('awaiting_approval', 'due', 'sending', 'retrying', 'delivered', 'failed')
    ),
    due_at             timestamptz not null,         -- the slot's instant: latency counts from here
    next_attempt_at    timestamptz not null default now(),
    lease_id           uuid,                         -- of who is sending it
    leased_until       timestamptz,
    failure_count      integer not null default 0,   -- of tries that ended without an acceptance, since the last replay
    attempt_count      integer not null default 0,   -- of requests, also those that only asked
    -- The partner may have it: the answer was lost, or the sender died. Asked before it is sent again.
    is_unknown         boolean not null default false,
    http_status        integer,
    error_class        text,
    error              text,
    provider_reference text,
    approved_by        text,
    replayed_by        text,
    created_at         timestamptz not null default now(),
    finished_at        timestamptz,
    unique (slot_id, revision),
    unique (idempotency_key),
    check ((lease_id is null) = (leased_until is null)),
    check ((status = 'sending') = (lease_id is not null))
);
create index deliveries_due on impact_in.scheduled_deliveries (platform, next_attempt_at)
    where status in ('due', 'retrying', 'sending');
create index deliveries_company on impact_in.scheduled_deliveries (company_id, created_at desc, delivery_id);
create index deliveries_finished on impact_in.scheduled_deliveries (company_id, finished_at);

-- Every request, written before its socket opens and closed after. Open with its delivery's lease over: unknown.
create table impact_in.attempts (
    attempt_id         uuid primary key,             -- also the X-Request-ID
    delivery_id        uuid not null references impact_in.scheduled_deliveries on delete cascade,
    number             integer not null,
    kind               text not null check (kind in ('send', 'read_back')),
    started_at         timestamptz not null,
    payload_sha256     bytea not null,
    finished_at        timestamptz,
    http_status        integer,
    latency_ms         double precision,
    error_class        text,
    error              text,
    decision           text check (decision in ('accepted', 'retry', 'reauthenticate', 'give_up', 'unknown')),
    provider_reference text,
    unique (delivery_id, number)
);

-- When the next request to a partner may leave, whichever process sends it.
create table impact_in.limits (
    platform     text primary key,
    next_free_at timestamptz not null default now()
);
