"""A company's period at a glance, and all its figures over time."""

from __future__ import annotations

from serving.queries.figures import document, listing

# $2 grain, $3 period. From one row, not from the view: a period without activity has zeros and nulls.
AT_A_GLANCE = document(
    fields="""
    json_build_object(
        'total_volunteers', coalesce(total_volunteers, 0),
        'total_hours', coalesce(total_hours, 0),
        'total_sessions', coalesce(total_sessions, 0),
        'active_participants', coalesce(active_participants, 0)
    ) as inputs,
    json_build_object(
        'integration_avg', integration_avg,
        'language_avg', language_avg,
        'job_readiness_avg', job_readiness_avg,
        'dimensions', coalesce(dimension_averages, '{}')
    ) as outcomes,
    json_build_object(
        'sroi_ratio', sroi_ratio,
        'sroi_missing_reason', sroi_missing_reason,
        'vis_score', vis_score,
        'vis_band', vis_band,
        'vis_missing_reason', vis_missing_reason
    ) as value
""",
    source="""
    from (select 1) as one
    left join served.mv_company_dashboard as dashboard
        on dashboard.company_id = $1 and dashboard.period_grain = $2 and dashboard.period = $3
""",
)

# $4 grain, $5 first and $6 last period.
METRICS = listing(
    fields="""
    period, period_start, period_end,
    participants_count, volunteers_count, sessions_count, language_sessions_count, mentorship_sessions_count,
    volunteer_hours, ratings_count, avg_rating, enrollments_count, buddy_matches_count,
    courses_completed_count, integration_score_sum, integration_scores_count, avg_integration_score,
    language_level_sum, avg_language_level, job_readiness_sum, job_readiness_count, avg_job_readiness,
    sroi_ratio, sroi_outcome_ratio, vis_score,
    volunteering_hours, donations_usd, donations_count, donations_without_usd_count, placements_count,
    rating_suppressed_reason, integration_suppressed_reason, job_readiness_suppressed_reason
""",
    source="""
    from served.mv_company_metrics
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
""",
    order="period_start",
)

# $4 metric, $5 how many months back from the company's latest.
HISTORY = listing(
    fields="period, period_start, to_jsonb(metrics) -> $4 as value",
    source="""
    from served.mv_company_metrics as metrics
    where company_id = $1
      and period_grain = 'month'
      and period_start > (
          select max(period_start)
          from served.mv_company_metrics
          where company_id = $1 and period_grain = 'month'
      ) - make_interval(months => $5)
""",
    order="period_start",
)
