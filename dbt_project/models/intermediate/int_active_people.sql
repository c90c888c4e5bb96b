-- Grain: company, person, role. When a person took part: six marts ask for it, and the activities are counted once.
{{ config(
    materialized='distributed_table' if env_var('CLICKHOUSE_CLUSTER', '') else 'table',
    engine='MergeTree()',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'person_id', 'role'],
) }}

select
    company_id,
    person_id,
    role,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    count() as activities_count,
    arrayCompact(arraySort(groupArray(toDate(occurred_at)))) as days
from {{ ref('int_activity') }}
group by company_id, person_id, role
