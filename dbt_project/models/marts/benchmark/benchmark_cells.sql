-- Grain: peer group, metric, quarter. Written once per metric and quarter, and never again, not even by a full refresh.
{{ config(
    materialized='distributed_incremental' if env_var('CLICKHOUSE_CLUSTER', '') else 'incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail',
    sharding_key='cityHash64(peer_group)',
    order_by=['metric', 'period', 'peer_group_kind', 'peer_group'],
) }}

with candidates as (
    select
        *,
        indexOf(['all', 'industry', 'region', 'size'], peer_group_kind) as kind_order,
        multiIf(
            companies_count < {{ min_benchmark_companies() }}, {{ too_few_companies() }},
            people_count - largest_people_count < {{ min_benchmark_people() }},
            'fewer_than_{{ min_benchmark_people() | trim }}_people_without_the_largest',
            largest_people_count * 2 >= people_count, 'one_company_has_half_the_people',
            ''
        ) as reason
    from {{ ref('int_benchmark_candidates') }}
    {% if is_incremental() %}
        -- Withheld cells are published as withheld: shown later, they would differ from their time by what changed.
        where (metric, period) not in (select metric, period from {{ this }})
    {% endif %}
),

-- Of two groups that differ by a few companies, the narrower: the two together would tell about these.
alike as (
    select distinct
        candidates.peer_group_kind as peer_group_kind,
        candidates.peer_group as peer_group,
        candidates.metric as metric,
        candidates.period as period
    from candidates
    inner join candidates as broader using (metric, period)
    where
        candidates.reason = '' and broader.reason = ''
        and (broader.companies_count, -broader.kind_order, broader.peer_group)
        > (candidates.companies_count, -candidates.kind_order, candidates.peer_group)
        and candidates.companies_count + broader.companies_count
        - 2 * length(arrayIntersect(candidates.companies, broader.companies))
        between 1 and {{ min_benchmark_companies() }} - 1
),

distinct_groups as (
    select
        * except (reason),
        if(
            reason = '' and (peer_group_kind, peer_group, metric, period) in (select * from alike),
            'a_few_companies_would_be_recognised',
            reason
        ) as reason
    from candidates
),

-- If few of all companies are in no published group of a kind, these follow from the whole less the groups: then the
-- kind's smallest published group is withheld with them.
companions as (
    select
        groups.peer_group_kind as peer_group_kind,
        argMin(groups.peer_group, (groups.companies_count, groups.peer_group)) as peer_group,
        metric,
        period
    from distinct_groups as groups
    inner join distinct_groups as whole using (metric, period)
    where
        groups.peer_group_kind != 'all' and groups.reason = ''
        and whole.peer_group_kind = 'all' and whole.reason = ''
    group by peer_group_kind, metric, period
    having
        length(arrayFilter(
            company -> not has(arrayFlatten(groupArray(groups.companies)), company), any(whole.companies)
        )) between 1 and {{ min_benchmark_companies() }} - 1
),

decided as (
    select
        * except (reason),
        if(
            reason = '' and (peer_group_kind, peer_group, metric, period) in (select * from companions),
            'a_few_companies_would_be_recognised',
            reason
        ) as reason,
        reason != '' as is_withheld
    from distinct_groups
)

select
    peer_group_kind,
    peer_group,
    metric,
    period,
    period_start,
    {%- for quantile in ['p25', 'p50', 'p75', 'p90'] %}
        if(is_withheld, null, {{ on_the_grid(quantile) }}) as {{ quantile }},
    {%- endfor %}
    if(is_withheld, null, companies_count) as companies_count,
    if(is_withheld, null, {{ about_so_many('people_count') }}) as people_count,
    is_withheld::Bool as is_suppressed,
    if(is_withheld, reason, null) as suppressed_reason,
    now64(3, 'UTC') as published_at
from decided
