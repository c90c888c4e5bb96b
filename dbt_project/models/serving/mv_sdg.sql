-- Grain: company, period grain, period, goal.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period', 'sdg_goal'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    sdg_goal,
    activities_count
from {{ source('serving', 'sdg_tags_period') }}
