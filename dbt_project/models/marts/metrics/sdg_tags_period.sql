-- Grain: company, period grain (month or quarter), period, Sustainable Development Goal.
{{ config(order_by=['company_id', 'period_grain', 'period_start', 'sdg_goal']) }}

with tagged as (
    select company_id, {{ each_period('month_start') }}, sdg_goal, sum(activities_count) as activities_total
    from {{ ref('int_sdg_tags') }}
    where company_id != {{ no_id() }}
    group by company_id, period_key, sdg_goal
)

select
    company_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    {{ period_end('period_grain', 'period_start') }} as period_end,
    sdg_goal,
    activities_total as activities_count
from tagged
