-- Grain: person.
{{ config(order_by=['person_id'], sharding_key='cityHash64(person_id)') }}

with active as (select * from {{ ref('int_active_people') }}),

enrollments as (select * from {{ ref('fct_enrollments') }}),

members as (select * from {{ ref('dim_company_members') }}),

-- A person is known by taking part, by enrolling or by belonging to a company.
sightings as (
    select
        person_id,
        (role = 'participant')::Bool as is_participant,
        (role = 'volunteer')::Bool as is_volunteer,
        toNullable(first_at) as first_at,
        toNullable(last_at) as last_at,
        activities_count
    from active
    union all
    select participant_id, true, false, null, null, 0 from enrollments
    union all
    select person_id, false, true, null, null, 0 from members
)

select
    person_id,
    max(is_participant) as is_participant,
    max(is_volunteer) as is_volunteer,
    min(first_at) as first_activity_at,
    max(last_at) as last_activity_at,
    sum(activities_count) as activity_count
from sightings
where person_id != {{ no_id() }}
group by person_id
