-- What CSR suites call back of the deliveries they got, and what became of all tries in numbers. Ids, codes and counts:
-- no personal data. The words of a partner's error stay in the event, since they may be anything.

-- One row per event `impact.callback.received`, however often it comes.
create table impact_in.callbacks (
    event_id           uuid primary key,
    platform           text not null,
    provider_event     text not null,             -- as the partner calls it
    provider_reference text not null,             -- the partner's id of what it is about
    outcome            text not null check (outcome in ('received', 'processed', 'failed', 'retrying')),
    named_delivery_id  uuid,                      -- as the partner repeats it; `delivery_id` is what was found
    provider_tenant    text,                      -- the company's id at the partner
    error_code         text,
    occurred_at        timestamptz not null,      -- by the partner's clock
    received_at        timestamptz not null default now(),
    -- waiting: its delivery is not known yet, or being sent; refused: it may not move the delivery it names.
    state              text not null default 'waiting' check (
        state in ('waiting', 'applied', 'refused', 'unmatched')
    ),
    reason             text,
    look_at            timestamptz not null default now(),
    delivery_id        uuid references impact_in.scheduled_deliveries on delete cascade
);
create index callbacks_waiting on impact_in.callbacks (look_at) where state = 'waiting';
create index callbacks_delivery on impact_in.callbacks (delivery_id);

-- What the partner says of a delivery behind its answer; follows from the callbacks, whatever order they came in.
alter table impact_in.scheduled_deliveries
    add column partner_state text check (partner_state in ('received', 'retrying', 'processed', 'rejected')),
    add column partner_state_at timestamptz,
    add column replayed_at timestamptz;           -- callbacks of before say nothing of what was sent since
create index deliveries_reference on impact_in.scheduled_deliveries (platform, provider_reference);

-- Counters of Prometheus: they only grow, also when a failed delivery is replayed.
create table impact_in.totals (
    platform    text not null,
    outcome     text not null check (outcome in ('delivered', 'retrying', 'failed')),
    error_class text not null,                    -- empty: none
    bucket_s    double precision not null,        -- of a delivered one: no later than so long after it was due
    tries_count bigint not null,
    seconds     double precision not null,        -- from due to accepted, of all of them together
    primary key (platform, outcome, error_class, bucket_s)
);
