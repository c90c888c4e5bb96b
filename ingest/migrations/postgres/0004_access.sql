-- Who may call the API. Only a hash of each key is kept; the 12-character prefix lets people recognise it.
create table ingest.api_keys (
    key_id                uuid primary key default gen_random_uuid(),
    company_id            uuid references ingest.companies on delete cascade,  -- null: every company (admin)
    name                  text not null,
    prefix                char(12) not null,
    key_sha256            bytea not null unique,
    role                  text not null check (
        role in ('system_admin', 'company_admin', 'company_user', 'api_client')
    ),
    scopes                text[] not null default '{}',
    rate_limit_per_minute integer not null default 1000,
    created_at            timestamptz not null default now(),
    expires_at            timestamptz,
    revoked_at            timestamptz,
    last_used_at          timestamptz,
    check (company_id is not null or role = 'system_admin')
);
