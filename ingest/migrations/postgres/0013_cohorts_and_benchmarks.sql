-- Groups of a company's participants, as filters; ingest.cohorts checks what they say, this checks what they name.
create table ingest.cohort_definitions (
    cohort_id  uuid primary key default gen_random_uuid(),
    company_id uuid not null references ingest.companies on delete cascade,
    name       text not null check (name <> ''),
    filters    jsonb not null default '{}' check (
        jsonb_typeof(filters) = 'object'
        and filters - array[
            'program_type', 'program_instance_id', 'language_level', 'enrolled_from', 'enrolled_until',
            'text_language', 'min_sessions'
        ] = '{}'
    ),
    created_at timestamptz not null default now(),
    unique (company_id, name)
);

-- Since when, until when and how far a company lets its numbers into benchmarks. One stretch at a time.
create table ingest.benchmark_opt_ins (
    company_id    uuid not null references ingest.companies on delete cascade,
    consent_scope text not null check (consent_scope in ('all', 'industry_only', 'region_only')),
    opted_in_on   date not null,
    opted_out_on  date check (opted_out_on >= opted_in_on),  -- from this day on nothing new is published with it
    primary key (company_id, opted_in_on)
);
create unique index benchmark_opt_ins_open on ingest.benchmark_opt_ins (company_id) where opted_out_on is null;

create trigger cohort_definitions_changed after insert or update or delete or truncate on ingest.cohort_definitions
for each statement execute function ingest.reference_changed();
create trigger benchmark_opt_ins_changed after insert or update or delete or truncate on ingest.benchmark_opt_ins
for each statement execute function ingest.reference_changed();
