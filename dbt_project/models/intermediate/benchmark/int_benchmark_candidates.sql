-- Grain: peer group, metric, quarter: what a benchmark would say, before it is decided whether it may.
select
    peer_group_kind,
    peer_group,
    metric,
    period,
    period_start,
    arraySort(groupArray(company_id)) as companies,
    count() as companies_count,
    sum(members.people_count) as people_count,
    max(members.people_count) as largest_people_count,
    arraySort(groupArray(value)) as sorted_values,
    {%- for share in [25, 50, 75, 90] %}
        {{ shared_quantile(share / 100, 'sorted_values') }} as p{{ share }},
    {%- endfor %}
    greatest(4, toInt64(ceil(companies_count / 4))) as width
from {{ ref('int_benchmark_members') }} as members
group by peer_group_kind, peer_group, metric, period, period_start
