-- Grain: company, period grain (month or quarter), period.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period_start'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    period_end,
    participants_count,
    volunteers_count,
    sessions_count,
    language_sessions_count,
    mentorship_sessions_count,
    volunteer_hours,
    ratings_count,
    rating_sum,
    avg_rating,
    enrollments_count,
    buddy_matches_count,
    courses_completed_count,
    avg_integration_score,
    integration_scores_count,
    avg_language_level,
    avg_job_readiness,
    sroi_ratio,
    sroi_outcome_ratio,
    vis_score,
    volunteering_hours,
    donations_usd,
    placements_count,
    data_version
from {{ source('serving', 'metrics_company_period') }}
