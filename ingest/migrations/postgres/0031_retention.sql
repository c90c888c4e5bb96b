-- For how long what is kept: what companies set instead of orchestration/privacy/retention/periods.yaml, and the proof.
create schema if not exists privacy;

create table privacy.retention_overrides (
    company_id uuid not null references ingest.companies on delete cascade,
    period     text not null,              -- a name of periods.yaml, which also says within which bounds
    days       integer not null check (days > 0),
    set_at     timestamptz not null default now(),
    set_by     text not null,              -- who decided: a user name or a ticket
    primary key (company_id, period)
);

-- What each run removed of each relation, and what its proof query counted afterwards. Counts alone, no personal data.
create table privacy.retention_proofs (
    proof_id      bigint generated always as identity primary key,
    relation      text not null,           -- store:name, as it is declared
    period        text not null,
    kept_since    timestamptz not null,    -- older rows are over; companies may have another moment
    removed_count bigint not null,
    left_count    bigint,                  -- null: it could not be counted, which is not zero
    proof_query   text not null,
    proven_at     timestamptz not null default now()
);
create index retention_proofs_relation on privacy.retention_proofs (relation, proven_at);
