-- Grain: company, period grain (month or quarter), period.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period'], 'unique': true}],
) }}

with dimensions as (
    select
        company_id,
        period_grain,
        period,
        jsonb_object_agg(dimension, avg_score) as dimension_averages
    from {{ source('serving', 'outcome_dimensions_period') }}
    group by company_id, period_grain, period
)

select
    metrics.company_id,
    metrics.period_grain,
    metrics.period,
    metrics.period_start,
    metrics.period_end,
    metrics.volunteers_count as total_volunteers,
    metrics.volunteer_hours as total_hours,
    metrics.sessions_count as total_sessions,
    metrics.participants_count as active_participants,
    metrics.avg_integration_score as integration_avg,
    metrics.avg_language_level as language_avg,
    metrics.avg_job_readiness as job_readiness_avg,
    coalesce(dimensions.dimension_averages, '{}'::jsonb) as dimension_averages,
    metrics.sroi_ratio,
    sroi.missing_reason as sroi_missing_reason,
    metrics.vis_score,
    vis.band as vis_band,
    vis.missing_reason as vis_missing_reason
from {{ source('serving', 'metrics_company_period') }} as metrics
left join dimensions
on
    metrics.company_id = dimensions.company_id
    and metrics.period_grain = dimensions.period_grain
    and metrics.period = dimensions.period
left join {{ source('serving', 'vis_company_period') }} as vis
on
    metrics.company_id = vis.company_id
    and metrics.period_grain = vis.period_grain
    and metrics.period = vis.period
left join {{ source('serving', 'sroi_company_period') }} as sroi
on
    metrics.company_id = sroi.company_id
    and metrics.period_grain = sroi.period_grain
    and metrics.period = sroi.period
    and sroi.variant = 'employment_npv'
    and sroi.scenario = 'base'
