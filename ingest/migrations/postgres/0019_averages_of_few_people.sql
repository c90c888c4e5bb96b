-- Averages of fewer than five people are withheld: null, with the reason.
alter table serving.metrics_company_period
    alter column rating_sum drop not null,
    alter column integration_score_sum drop not null,
    alter column language_level_sum drop not null,
    alter column job_readiness_sum drop not null,
    add column rating_suppressed_reason        text,
    add column integration_suppressed_reason   text,
    add column job_readiness_suppressed_reason text;

alter table serving.outcome_dimensions_period
    alter column score_sum drop not null,
    alter column avg_score drop not null,
    alter column confidence_sum drop not null,
    alter column confidence_avg drop not null,
    add column suppressed_reason text;
