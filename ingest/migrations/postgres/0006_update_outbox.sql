-- Changes of served numbers on their way to live streams. Written in the transaction that changes the numbers,
-- deleted once the broker has acknowledged the message: a crash in between repeats a message, never loses one.
create table serving.update_outbox (
    update_id      bigint generated always as identity primary key,
    data_version   bigint not null references serving.data_versions,
    company_id     uuid not null,
    period_grain   text not null,
    period         text not null,
    metric         text not null,  -- column of the served table
    value          jsonb,          -- json, so that a count stays an integer; null: the row is gone or has no value
    previous_value jsonb,
    changed_at     timestamptz not null default now()
);
