-- Grain: company, person, role. When a person took part: six marts ask for it, and the activities are counted once.
{{ config(
    unique_key='person_id',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'person_id', 'role'],
    meta={'recomputed': 'people', 'rests_on': ['marts.dim_company_members']},
) }}
{{- reads_when_recomputing(['fct_skill_shares']) }}

select
    company_id,
    person_id,
    role,
    min(occurred_at) as first_at,
    max(occurred_at) as last_at,
    count() as activities_count,
    arrayCompact(arraySort(groupArray(toDate(occurred_at)))) as days
from {{ ref('int_activity') }}
{% if is_incremental() %}
    where person_id in ({{ touched_people() }})
{% endif %}
group by company_id, person_id, role
