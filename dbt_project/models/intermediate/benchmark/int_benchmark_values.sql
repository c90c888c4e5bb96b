-- Grain: company, metric, quarter. Only what does not depend on a company's size.
with quarters as (
    select * from {{ ref('metrics_company_period') }}
    where period_grain = 'quarter'
),

outcomes as (
    select * from {{ ref('outcome_dimensions_period') }}
    where period_grain = 'quarter'
),

measured as (
    select company_id, period, period_start, measure.1 as metric, measure.2 as value, measure.3 as people_count
    from quarters
    array join
        cast([
            ('avg_rating', avg_rating, least(ratings_count, participants_count)),
            ('avg_integration_score', avg_integration_score, integration_scores_count),
            ('sessions_per_participant', sessions_count / nullIf(participants_count, 0), participants_count),
            ('hours_per_volunteer', volunteer_hours / nullIf(volunteers_count, 0), volunteers_count),
            ('sroi_ratio', sroi_ratio, participants_count),
            ('vis_score', vis_score, volunteers_count)
        ], 'Array(Tuple(String, Nullable(Float64), UInt64))') as measure
    union all
    select company_id, period, period_start, dimension, avg_score, people_count from outcomes
)

select
    company_id,
    metric,
    period,
    period_start,
    assumeNotNull(measured.value) as value,
    people_count
from measured
where measured.value is not null
