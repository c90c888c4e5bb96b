-- Secrets that `impact webhooks rotate` made. A MAC needs the secret itself, so a hash would not do: it rests here
-- encrypted, and the key (IMPACT_WEBHOOK_SECRETS_KEY) is kept outside of the database.
create table ingest.webhook_secrets (
    secret_id    uuid primary key default gen_random_uuid(),
    source       text not null,
    sealed       bytea not null,
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,  -- null: until it is rotated
    last_used_at timestamptz
);

-- Running receivers hear of every change, also of one made by hand. Noting the last use is no change.
create function ingest.tell_of_webhook_secrets() returns trigger language plpgsql as $$
begin
    perform pg_notify('webhook_secrets', '');
    return null;
end
$$;

create trigger webhook_secrets_changed
after insert or delete or update of source, sealed, expires_at on ingest.webhook_secrets
for each statement execute function ingest.tell_of_webhook_secrets();
