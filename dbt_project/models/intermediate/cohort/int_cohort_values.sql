-- Grain: cohort, participant, metric, period grain, period. A table, since cohort_metrics looks at it from three sides.
{{ config(
    materialized='distributed_table' if env_var('CLICKHOUSE_CLUSTER', '') else 'table',
    engine='MergeTree()',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'metric', 'period_grain', 'period_start', 'participant_id'],
) }}

with members as (select * from {{ ref('cohort_members') }}),

-- What the cohorts are compared with: everybody of a company that has cohorts.
observed as (
    select * from {{ ref('int_participant_values') }}
    where company_id in (select company_id from {{ ref('stg_reference__cohort_definitions') }})
)

select
    members.cohort_id as cohort_id,
    observed.company_id as company_id,
    observed.participant_id as participant_id,
    observed.metric as metric,
    observed.period_grain as period_grain,
    observed.period_start as period_start,
    observed.value as value
from observed
inner join members on observed.company_id = members.company_id and observed.participant_id = members.participant_id
union all
-- The company's own numbers are published too: they are the cohort of everybody, under the nil UUID.
select
    {{ no_id() }} as cohort_id, company_id, participant_id, metric, period_grain, period_start, value
from observed
