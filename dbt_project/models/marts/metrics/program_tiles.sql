-- Grain: company, tile, period grain (month or quarter), period, metric.
{{ config(order_by=['company_id', 'tile', 'period_grain', 'period_start', 'metric']) }}

with tiles as (
    {% for tile in ['language', 'mentorship', 'upskilling', 'weei'] %}
        select company_id, tile, period_grain, period_start, metrics from {{ ref('int_tile_' ~ tile) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    company_id,
    tile,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    {{ period_end('period_grain', 'period_start') }} as period_end,
    shown.1 as metric,
    multiIf(denominator is null, toNullable(numerator), denominator = 0, null, numerator / denominator) as value,
    shown.3 as numerator,
    shown.4 as denominator,
    shown.2 as unit
from tiles
array join metrics as shown
where company_id != {{ no_id() }}
