-- What the API reads. Filled by Dagster from the warehouse's marts; materialized views are built on top by dbt.
create schema serving;

create table serving.data_versions (
    data_version bigint generated always as identity primary key,
    published_at timestamptz not null default now(),
    run_id       text not null
);

create table serving.metrics_company_period (
    company_id               uuid not null,
    period_grain             text not null check (period_grain in ('month', 'quarter')),
    period                   text not null,  -- 2026-09 or 2026-Q3
    period_start             date not null,
    period_end               date not null,  -- last day of the period
    participants_count       bigint not null,
    volunteers_count         bigint not null,
    sessions_count           bigint not null,
    language_sessions_count  bigint not null,
    mentorship_sessions_count bigint not null,
    volunteer_hours          double precision not null,
    ratings_count            bigint not null,
    rating_sum               double precision not null,
    avg_rating               double precision,  -- 0 to 1; null without ratings
    enrollments_count        bigint not null,
    buddy_matches_count      bigint not null,
    courses_completed_count  bigint not null,
    data_version             bigint not null,
    primary key (company_id, period_grain, period)
);
