-- Grain: company, period grain, period, volunteer. Ranked by score, then by hours.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period', 'volunteer_rank'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    volunteer_id,
    row_number() over (
        partition by company_id, period_grain, period
        order by vis_score desc nulls last, hours desc, volunteer_id asc
    ) as volunteer_rank,
    vis_score,
    band,
    missing_reason,
    hours,
    sessions_count,
    sessions_per_month,
    consistency_part,
    impact
from {{ source('serving', 'vis_volunteer_period') }}
