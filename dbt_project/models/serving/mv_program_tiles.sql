-- Grain: company, tile, period grain, period, metric.
{{ config(
    indexes=[{'columns': ['company_id', 'tile', 'period_grain', 'period', 'metric'], 'unique': true}],
) }}

select
    company_id,
    tile,
    period_grain,
    period,
    period_start,
    metric,
    value,
    numerator,
    denominator,
    unit
from {{ source('serving', 'program_tiles') }}
