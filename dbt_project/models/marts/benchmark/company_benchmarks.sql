-- Grain: company, what it compares with, metric, quarter.
{{ config(order_by=['company_id', 'compare_with', 'metric', 'period_start']) }}

with measured as (select * from {{ ref('int_benchmark_values') }}),

companies as (select * from {{ ref('dim_companies') }}),

cells as (select * from {{ ref('benchmark_cells') }}),

-- Each company's peer groups of the kind it asks for, then ever broader ones.
steps as (
    select
        measured.company_id as company_id,
        measured.metric as metric,
        measured.period as period,
        measured.period_start as period_start,
        measured.value as own_value,
        asked.1 as compare_with,
        step,
        asked.2[step] as peer_group_kind,
        multiIf(
            peer_group_kind = 'industry', companies.industry::String,
            peer_group_kind = 'region', companies.region::String,
            peer_group_kind = 'size', companies.employee_size::String,
            'all'
        ) as peer_group
    from measured
    inner join companies on measured.company_id = companies.company_id
    array join
        [
            ('industry', ['industry', 'region', 'all']),
            ('region', ['region', 'all']),
            ('size', ['size', 'all']),
            ('all', ['all'])
        ] as asked
    array join arrayEnumerate(asked.2) as step
),

-- What is published of each step; an unmatched left join gives '' and false.
compared as (
    select
        steps.company_id as company_id,
        steps.metric as metric,
        steps.period as period,
        steps.period_start as period_start,
        steps.own_value as own_value,
        steps.compare_with as compare_with,
        steps.step as step,
        steps.peer_group_kind as peer_group_kind,
        steps.peer_group as peer_group,
        tuple(
            cells.p25, cells.p50, cells.p75, cells.p90, cells.companies_count, cells.people_count
        ) as numbers,
        cells.suppressed_reason as suppressed_reason,
        cells.metric != '' and not cells.is_suppressed as is_shown
    from steps
    left join cells
    on
        steps.peer_group_kind = cells.peer_group_kind and steps.peer_group = cells.peer_group
        and steps.metric = cells.metric and steps.period = cells.period
),

-- The first step on which there is something to show, and why it is not the group that was asked for.
found as (
    select
        company_id,
        compare_with,
        metric,
        period,
        period_start,
        any(own_value) as own_value,
        max(is_shown) as has_peers,
        argMinIf(tuple(peer_group_kind, peer_group), step, is_shown) as shown_group,
        argMinIf(numbers, step, is_shown) as shown,
        has_peers and shown_group.1 != compare_with as is_widened,
        multiIf(
            (metric, period) not in (select metric, period from cells), 'not_published_yet',
            anyIf(peer_group, step = 1) = '', 'group_of_the_company_unknown',
            coalesce(anyIf(suppressed_reason, step = 1), {{ too_few_companies() }})
        ) as asked_reason
    from compared
    group by company_id, compare_with, metric, period, period_start
)

select
    company_id,
    compare_with,
    metric,
    period,
    period_start,
    own_value,
    if(has_peers, shown_group.1, null) as peer_group_kind,
    if(has_peers, shown_group.2, null) as peer_group,
    if(is_widened, compare_with, null) as widened_from,
    {%- for name in ['p25', 'p50', 'p75', 'p90', 'companies_count', 'people_count'] %}
        if(has_peers, shown.{{ loop.index }}, null) as {{ name }},
    {%- endfor %}
    multiIf(
        not has_peers, null,
        own_value < shown.1, 'below_p25',
        own_value < shown.2, 'p25_to_p50',
        own_value < shown.3, 'p50_to_p75',
        own_value < shown.4, 'p75_to_p90',
        'p90_or_above'
    ) as standing,
    (not has_peers)::Bool as is_suppressed,
    if(has_peers and not is_widened, null, asked_reason) as suppressed_reason
from found
