-- Reference data like raw.companies: replaced as a whole from Postgres.
create table if not exists raw.cohort_definitions (
    cohort_id  UUID,
    company_id UUID,
    name       String,
    filters    String comment 'JSON; what may stand in it is decided by ingest.cohorts',
    copied_at  DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by (company_id, cohort_id);

create table if not exists raw.benchmark_opt_ins (
    company_id    UUID,
    consent_scope LowCardinality(String),
    opted_in_on   Date32,
    opted_out_on  Nullable(Date32),
    copied_at     DateTime64(6, 'UTC') default now64(6)
)
engine = MergeTree order by (company_id, opted_in_on);
