-- Who is who. Emails, names and external ids live here alone; events and the warehouse carry ids.
create schema ingest;

create table ingest.companies (
    company_id    uuid primary key default gen_random_uuid(),
    name          text not null unique,
    industry      text not null default 'other',
    country       char(2),
    employee_size text check (employee_size in ('small', 'medium', 'large', 'enterprise')),
    time_zone     text not null default 'Europe/Oslo',
    features      jsonb not null default '{}',
    created_at    timestamptz not null default now()
);

create table ingest.people (
    person_id  uuid primary key default gen_random_uuid(),
    -- pending: mentioned by an event before any directory or user export introduced the person.
    status     text not null default 'pending' check (status in ('pending', 'known')),
    first_name text,
    last_name  text,
    created_at timestamptz not null default now()
);

create table ingest.person_identities (
    provider    text not null check (provider in ('email', 'kintell', 'buddy', 'discord', 'upskilling')),
    external_id text not null,  -- emails are stored trimmed and in lower case
    person_id   uuid not null references ingest.people on delete cascade,
    created_at  timestamptz not null default now(),
    primary key (provider, external_id)
);
create index person_identities_person on ingest.person_identities (person_id);

create table ingest.company_members (
    company_id uuid not null references ingest.companies on delete cascade,
    person_id  uuid not null references ingest.people on delete cascade,
    joined_on  date not null,
    left_on    date,
    -- Decides the company of an event when a volunteer belongs to two on that day.
    is_primary boolean not null default true,
    primary key (company_id, person_id, joined_on),
    check (left_on is null or left_on >= joined_on)
);
create index company_members_person on ingest.company_members (person_id, joined_on);

create table ingest.program_instances (
    program_instance_id uuid primary key default gen_random_uuid(),
    company_id          uuid references ingest.companies,  -- null: run by the charity itself
    program_type        text not null check (
        program_type in ('mentors_ukraine', 'language_ukraine', 'buddy', 'upskilling', 'weei')
    ),
    program_name        text not null,
    program_slug        text not null unique,
    start_date          date not null,
    end_date            date,
    status              text not null default 'active' check (status in ('active', 'completed', 'paused', 'cancelled')),
    created_at          timestamptz not null default now()
);

-- Which programme a participant is in: decides the company of events that name no volunteer.
create table ingest.program_enrollments (
    person_id           uuid not null references ingest.people on delete cascade,
    program_instance_id uuid not null references ingest.program_instances on delete cascade,
    status              text not null,
    enrolled_on         date not null,
    completed_on        date,
    primary key (person_id, program_instance_id)
);

-- Buddy check-ins, events and feedback name only their match.
create table ingest.buddy_matches (
    match_id       uuid primary key,
    participant_id uuid not null references ingest.people on delete cascade,
    buddy_id       uuid not null references ingest.people on delete cascade,
    company_id     uuid references ingest.companies,
    matched_at     timestamptz not null
);
