-- Grain: company, metric, granularity, start of the period.
{{ config(
    indexes=[{'columns': ['company_id', 'metric', 'granularity', 'period_start'], 'unique': true}],
) }}

select
    company_id,
    metric,
    granularity,
    period_start,
    value,
    value_sum,
    value_count,
    is_suppressed,
    suppressed_reason
from {{ source('serving', 'trend_metrics') }}
