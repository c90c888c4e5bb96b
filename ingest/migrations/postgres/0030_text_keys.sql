-- The keys of people's texts (ingest.sealing), each wrapped by a master key that no store holds.
create schema if not exists privacy;

-- Deleting a row shreds the texts it opens, wherever they were copied. Keys are no words, and the ids are those of people.
create table privacy.text_keys (
    owner_id   uuid primary key,           -- personal data: a person; of texts about nobody known their company, or nil
    wrapped    bytea not null,             -- AES-256-GCM: nonce, ciphertext and tag
    version    text not null,              -- of the master key: the first letters of its hash's hash
    created_at timestamptz not null default now()
);
create index text_keys_version on privacy.text_keys (version);

-- What became of keys, for reports. Counts alone: whose keys they were is nowhere.
create table privacy.text_key_changes (
    change_id  bigint generated always as identity primary key,
    change     text not null check (change in ('shredded', 'rotated')),
    key_count  bigint not null,
    version    text,                       -- rotated: the master key that wraps all keys now
    changed_at timestamptz not null default now()
);
