-- Grain: cohort, participant. Who passes every filter of the cohort's definition.
{{ config(order_by=['company_id', 'cohort_id', 'participant_id']) }}

with cohorts as (
    select
        *,
        coalesce(program_type, toString(program_instance_id), toString(enrolled_from), toString(enrolled_until))
        is not null as asks_for_enrollment
    from {{ ref('stg_reference__cohort_definitions') }}
),

enrollments as (select * from {{ ref('fct_enrollments') }}),

-- Everybody who ever took part in something with the company or enrolled with it.
people as (
    select company_id, participant_id, min(seen_at) as first_seen_at
    from (
        select company_id, person_id as participant_id, first_at as seen_at
        from {{ ref('int_active_people') }}
        where role = 'participant'
        union all
        select company_id, participant_id, enrolled_at from enrollments
    )
    where participant_id != {{ no_id() }} and company_id in (select company_id from cohorts)
    group by company_id, participant_id
),

sessions as (
    select
        company_id,
        participant_id,
        count() as sessions_count,
        argMinIf(language_level, tuple(completed_at, session_id), language_level is not null) as first_language_level
    from {{ ref('fct_sessions') }}
    group by company_id, participant_id
),

texts as (
    select
        company_id,
        person_id as participant_id,
        argMax(language, tuple(counted_at, text_id)) as text_language
    from {{ ref('fct_outcome_scores') }}
    where language != 'unknown'
    group by company_id, participant_id
),

-- One enrolment has to satisfy all filters on enrolments together; of several that do, the first.
enrolled as (
    select
        cohorts.cohort_id as cohort_id,
        enrollments.participant_id as participant_id,
        min(enrollments.enrolled_at) as enrolled_at
    from cohorts
    inner join enrollments on cohorts.company_id = enrollments.company_id
    where
        (cohorts.program_type is null or enrollments.program_type = cohorts.program_type)
        and (cohorts.program_instance_id is null or enrollments.program_instance_id = cohorts.program_instance_id)
        and (cohorts.enrolled_from is null or toDate32(enrollments.enrolled_at) >= cohorts.enrolled_from)
        and (cohorts.enrolled_until is null or toDate32(enrollments.enrolled_at) <= cohorts.enrolled_until)
    group by cohort_id, participant_id
)

select
    cohorts.cohort_id as cohort_id,
    cohorts.company_id as company_id,
    people.participant_id as participant_id,
    if(cohorts.asks_for_enrollment, enrolled.enrolled_at, people.first_seen_at) as joined_at
from cohorts
inner join people on cohorts.company_id = people.company_id
left join sessions on people.company_id = sessions.company_id and people.participant_id = sessions.participant_id
left join texts on people.company_id = texts.company_id and people.participant_id = texts.participant_id
left join enrolled on cohorts.cohort_id = enrolled.cohort_id and people.participant_id = enrolled.participant_id
where
    -- An unmatched left join gives the nil UUID, 0 or '', none of which passes a filter that is given.
    (not cohorts.asks_for_enrollment or enrolled.participant_id = people.participant_id)
    and (cohorts.min_sessions is null or sessions.sessions_count >= cohorts.min_sessions)
    and (cohorts.language_level is null or sessions.first_language_level = cohorts.language_level)
    and (cohorts.text_language is null or texts.text_language = cohorts.text_language)
