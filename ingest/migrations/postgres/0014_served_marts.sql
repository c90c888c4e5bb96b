-- Everything the warehouse publishes has a table here with the mart's name and columns, and `data_version`: the
-- publication in which the row last changed. Suppressed numbers are null and carry their reason.
alter table serving.metrics_company_period
    add column integration_score_sum       double precision not null default 0,
    add column integration_scores_count    bigint not null default 0,
    add column avg_integration_score       double precision,
    add column language_level_sum          double precision not null default 0,
    add column avg_language_level          double precision,
    add column job_readiness_sum           double precision not null default 0,
    add column job_readiness_count         bigint not null default 0,
    add column avg_job_readiness           double precision,
    add column sroi_ratio                  double precision,
    add column sroi_outcome_ratio          double precision,
    add column vis_score                   double precision,
    add column volunteering_hours          double precision not null default 0,
    add column donations_usd               double precision not null default 0,
    add column donations_count             bigint not null default 0,
    add column donations_without_usd_count bigint not null default 0,
    add column placements_count            bigint not null default 0;

-- The publication in which anything of a company last changed: the version of every answer about it.
create table serving.company_versions (
    company_id   uuid primary key,
    data_version bigint not null references serving.data_versions
);

create table serving.sroi_company_period (
    company_id      uuid not null,
    period_grain    text not null,
    period          text not null,
    period_start    date not null,
    variant         text not null,  -- employment_npv (net) or outcome_value (gross)
    scenario        text not null,  -- low, base or high
    ratio           double precision,
    value           double precision,
    cost            double precision not null,
    currency        text not null,
    unit            text not null,
    formula_version text not null,
    parameter_set   text not null,
    inputs          jsonb not null,
    missing_reason  text,
    data_version    bigint not null,
    primary key (company_id, period_grain, period, variant, scenario)
);

create table serving.vis_company_period (
    company_id      uuid not null,
    period_grain    text not null,
    period          text not null,
    period_start    date not null,
    hours           double precision not null,
    hours_part      double precision not null,
    quality_part    double precision,
    outcome_part    double precision,
    placement_part  double precision,
    vis             double precision,
    band            text,
    weights         jsonb not null,
    formula_version text not null,
    parameter_set   text not null,
    inputs          jsonb not null,
    missing_reason  text,
    data_version    bigint not null,
    primary key (company_id, period_grain, period)
);

create table serving.vis_volunteer_period (
    company_id         uuid not null,
    volunteer_id       uuid not null,
    period_grain       text not null,
    period             text not null,
    period_start       date not null,
    hours              double precision not null,
    sessions_count     bigint not null,
    sessions_per_month double precision not null,
    consistency_part   double precision not null,
    impact             double precision,
    vis_score          double precision,
    band               text,
    missing_reason     text,
    data_version       bigint not null,
    primary key (company_id, period_grain, period, volunteer_id)
);

create table serving.program_tiles (
    company_id   uuid not null,
    tile         text not null,
    period_grain text not null,
    period       text not null,
    period_start date not null,
    metric       text not null,
    value        double precision,
    numerator    double precision not null,
    denominator  double precision,
    unit         text not null,
    data_version bigint not null,
    primary key (company_id, tile, period_grain, period, metric)
);

create table serving.outcome_dimensions_period (
    company_id     uuid not null,
    period_grain   text not null,
    period         text not null,
    period_start   date not null,
    dimension      text not null,
    score_sum      double precision not null,
    scores_count   bigint not null,
    avg_score      double precision not null,
    confidence_sum double precision not null,
    confidence_avg double precision not null,
    people_count   bigint not null,
    data_version   bigint not null,
    primary key (company_id, period_grain, period, dimension)
);

create table serving.sdg_tags_period (
    company_id       uuid not null,
    period_grain     text not null,
    period           text not null,
    period_start     date not null,
    sdg_goal         smallint not null,
    activities_count bigint not null,
    data_version     bigint not null,
    primary key (company_id, period_grain, period, sdg_goal)
);

create table serving.trend_metrics (
    company_id        uuid not null,
    metric            text not null,
    granularity       text not null,
    period_start      date not null,
    value             double precision,
    value_sum         double precision,
    value_count       bigint,
    is_suppressed     boolean not null,
    suppressed_reason text,
    data_version      bigint not null,
    primary key (company_id, metric, granularity, period_start)
);

create table serving.cohort_metrics (
    cohort_id         uuid not null,
    company_id        uuid not null,
    metric            text not null,
    period_grain      text not null,
    period            text not null,
    period_start      date not null,
    value_sum         double precision,
    n                 bigint,
    avg               double precision,
    p25               double precision,
    p50               double precision,
    p75               double precision,
    p95               double precision,
    min               double precision,
    max               double precision,
    std               double precision,
    is_suppressed     boolean not null,
    suppressed_reason text,
    data_version      bigint not null,
    primary key (company_id, cohort_id, metric, period_grain, period)
);

create table serving.cohort_retention (
    company_id        uuid not null,
    program_type      text not null,
    cohort_month      date not null,
    months_since      integer not null,
    cohort_size       bigint,
    active_count      bigint,
    active_share      double precision,
    is_suppressed     boolean not null,
    suppressed_reason text,
    data_version      bigint not null,
    primary key (company_id, program_type, cohort_month, months_since)
);

create table serving.funnels (
    company_id               uuid not null,
    program_type             text not null,
    cohort_quarter           date not null,  -- its first day
    stage                    text not null,
    stage_order              smallint not null,
    people_count             bigint,
    conversion_from_start    double precision,
    conversion_from_previous double precision,
    is_suppressed            boolean not null,
    suppressed_reason        text,
    data_version             bigint not null,
    primary key (company_id, program_type, cohort_quarter, stage)
);

-- A company's own value beside the published cells it may see. The cells themselves are of no company.
create table serving.company_benchmarks (
    company_id        uuid not null,
    metric            text not null,
    period            text not null,
    period_start      date not null,
    compare_with      text not null,  -- the kind of peer group that is asked for
    peer_group_kind   text,  -- the kind that was large enough; null if none was
    peer_group        text,
    widened_from      text,
    own_value         double precision not null,
    p25               double precision,
    p50               double precision,
    p75               double precision,
    p90               double precision,
    companies_count   bigint,
    people_count      bigint,
    standing          text,
    is_suppressed     boolean not null,
    suppressed_reason text,
    data_version      bigint not null,
    primary key (company_id, metric, period, compare_with)
);

-- Queries of a company per UTC day, added up in batches: what the budgets of a day and a month are held against.
create table serving.query_usage (
    company_id    uuid not null,
    day           date not null,
    queries_count bigint not null,
    primary key (company_id, day)
);
