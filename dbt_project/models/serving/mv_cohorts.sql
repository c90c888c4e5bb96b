-- Grain: company, cohort, metric, period grain, period.
{{ config(
    indexes=[{'columns': ['company_id', 'cohort_id', 'metric', 'period_grain', 'period'], 'unique': true}],
) }}

select
    cohort_id,
    company_id,
    metric,
    period_grain,
    period,
    period_start,
    value_sum,
    n,
    avg,
    p25,
    p50,
    p75,
    p95,
    min,
    max,
    std,
    is_suppressed,
    suppressed_reason
from {{ source('serving', 'cohort_metrics') }}
