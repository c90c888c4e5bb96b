-- A key may do less than its role, and may hold on to a version of the API.

-- Null: all that the role may do. So far the column was there and nobody read it.
alter table ingest.api_keys
    alter column scopes drop not null,
    alter column scopes drop default,
    add column api_version text check (api_version ~ '^\d{4}-\d{2}-\d{2}$'),  -- null: the newest
    add column created_by  text,  -- caller id; null: the command line or the platform itself
    add column revoked_by  text;
update ingest.api_keys set scopes = null where scopes = '{}';
alter table ingest.api_keys add constraint api_keys_allow_something check (cardinality(scopes) > 0);
