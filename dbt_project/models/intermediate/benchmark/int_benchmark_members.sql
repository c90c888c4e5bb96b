-- Grain: peer group, metric, quarter, company whose value goes into it.
with companies as (select * from {{ ref('dim_companies') }}),

opt_ins as (select * from {{ ref('stg_reference__benchmark_opt_ins') }}),

measured as (select * from {{ ref('int_benchmark_values') }}),

settled as (
    select * from measured
    where
        addMonths(period_start, 3) + {{ settling_days() }} <= {{ benchmarks_as_of() }}
        -- A company with a few people would put their values there as its own.
        and people_count >= {{ min_group_people() }}
),

consenting as (
    select
        settled.company_id as company_id,
        settled.metric as metric,
        settled.period as period,
        settled.period_start as period_start,
        settled.value as value,
        settled.people_count as people_count,
        opt_ins.consent_scope as consent_scope
    from settled
    inner join opt_ins on settled.company_id = opt_ins.company_id
    where
        opt_ins.opted_in_on < addMonths(settled.period_start, 3)
        and (opt_ins.opted_out_on is null or opt_ins.opted_out_on > {{ benchmarks_as_of() }})
)

select
    peer.1 as peer_group_kind,
    peer.2 as peer_group,
    consenting.* except (consent_scope)
from consenting
inner join companies on consenting.company_id = companies.company_id
array join
    [
        ('all', 'all'),
        ('industry', companies.industry::String),
        ('region', companies.region::String),
        ('size', companies.employee_size::String)
    ] as peer
where peer_group != '' and consent_scope in ('all', concat(peer_group_kind, '_only'))
