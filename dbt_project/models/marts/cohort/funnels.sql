-- Grain: company, programme type, quarter of the first enrolment, stage.
{{ config(order_by=['company_id', 'program_type', 'cohort_quarter', 'stage_order']) }}

with enrollments as (
    select
        company_id,
        program_type,
        participant_id,
        toStartOfQuarter(min(enrolled_at)) as cohort_quarter,
        max(status = 'completed') as has_completed
    from {{ ref('fct_enrollments') }}
    where company_id != {{ no_id() }} and participant_id != {{ no_id() }}
    group by company_id, program_type, participant_id
),

-- What else shows that a person got as far as a stage, by the type of programme in which it counts.
reached as (
    select company_id, program_type, participant_id, arrayJoin(['matched', 'session_completed']) as stage
    from (
        select distinct
            company_id,
            if(session_type = 'language', 'language_course', 'mentorship_program') as program_type,
            participant_id
        from {{ ref('fct_sessions') }}
    )
    union all
    select
        company_id,
        if(session_type = 'language', 'language_course', 'mentorship_program') as program_type,
        participant_id,
        'matched' as stage
    from {{ ref('fct_bookings') }}
    union all
    select company_id, 'mentorship_program' as program_type, person_id as participant_id, 'matched' as stage
    from {{ ref('fct_placements') }}
    where placement_type = 'mentorship_match'
    union all
    select
        company_id,
        'buddy_program' as program_type,
        participant_id,
        arrayJoin(if(end_reason = 'completed', ['matched', 'program_completed'], ['matched'])) as stage
    from {{ ref('fct_buddy_matches') }}
    union all
    select company_id, 'buddy_program' as program_type, participant_id, 'session_completed' as stage
    from {{ ref('fct_buddy_events') }}
    union all
    select company_id, 'buddy_program' as program_type, person_id as participant_id, 'session_completed' as stage
    from {{ ref('fct_buddy_attendances') }}
    union all
    select
        company_id,
        arrayJoin(['upskilling_course', 'certification_program']) as program_type,
        participant_id,
        'program_completed' as stage
    from {{ ref('fct_course_completions') }}
),

people as (
    select
        enrollments.company_id as company_id,
        enrollments.program_type as program_type,
        enrollments.cohort_quarter as cohort_quarter,
        -- Nobody is matched or has sessions in a course: these stages are left out there, not failed.
        enrollments.program_type in ('language_course', 'mentorship_program', 'buddy_program') as has_all_stages,
        not has_all_stages or countIf(reached.stage = 'matched') > 0 as is_matched,
        is_matched and (not has_all_stages or countIf(reached.stage = 'session_completed') > 0) as has_had_a_session,
        has_had_a_session and (
            enrollments.has_completed or countIf(reached.stage = 'program_completed') > 0
        ) as has_completed_it
    from enrollments
    left join reached
    on
        enrollments.company_id = reached.company_id and enrollments.program_type = reached.program_type
        and enrollments.participant_id = reached.participant_id
    group by company_id, program_type, cohort_quarter, enrollments.participant_id, enrollments.has_completed
),

stages as (
    select
        company_id,
        program_type,
        cohort_quarter,
        if(
            has_all_stages,
            ['enrolled', 'matched', 'session_completed', 'program_completed'],
            ['enrolled', 'program_completed']
        ) as names,
        if(
            has_all_stages,
            [count(), countIf(is_matched), countIf(has_had_a_session), countIf(has_completed_it)],
            [count(), countIf(has_completed_it)]
        ) as people,
        people[1] < {{ min_group_people() }} as is_withheld
    from people
    group by company_id, program_type, cohort_quarter, has_all_stages
)

select
    company_id,
    program_type::String as program_type,
    cohort_quarter,
    names[place] as stage,
    toUInt8(indexOf(['enrolled', 'matched', 'session_completed', 'program_completed'], stage)) as stage_order,
    if(is_withheld, null, people[place]) as people_count,
    if(is_withheld, null, people[place] / people[1]) as conversion_from_start,
    -- Of nobody, no share goes on.
    if(is_withheld or people[greatest(place - 1, 1)] = 0, null, people[place] / people[greatest(place - 1, 1)])
        as conversion_from_previous,
    is_withheld::Bool as is_suppressed,
    if(is_withheld, {{ too_few_people() }}, null) as suppressed_reason
from stages
array join arrayEnumerate(names) as place
