-- Grain: company, metric, quarter, kind of peer group asked for.
{{ config(
    indexes=[{'columns': ['company_id', 'metric', 'period', 'compare_with'], 'unique': true}],
) }}

select
    company_id,
    metric,
    period,
    period_start,
    compare_with,
    peer_group_kind,
    peer_group,
    widened_from,
    own_value,
    p25,
    p50,
    p75,
    p90,
    companies_count,
    people_count,
    standing,
    is_suppressed,
    suppressed_reason
from {{ source('serving', 'company_benchmarks') }}
