-- Grain: company, period grain, period, outcome dimension.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period', 'dimension'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    dimension,
    score_sum,
    scores_count,
    avg_score,
    confidence_sum,
    confidence_avg,
    people_count,
    suppressed_reason
from {{ source('serving', 'outcome_dimensions_period') }}
