-- Grain: company, programme type, month of the first enrolment, months since.
{{ config(order_by=['company_id', 'program_type', 'cohort_month', 'months_since']) }}

with activity as (
    select company_id, person_id as participant_id, active_month
    from {{ ref('int_active_people') }}
    array join {{ months_of('days') }} as active_month
    where role = 'participant'
),

-- The months that can be looked at: up to the last one in which anybody of the company was active.
last_months as (
    select company_id, max(active_month) as last_month from activity
    group by company_id
),

-- Enrolling again does not make a person new.
starts as (
    select company_id, program_type, participant_id, toStartOfMonth(min(enrolled_at)) as cohort_month
    from {{ ref('fct_enrollments') }}
    where company_id != {{ no_id() }} and participant_id != {{ no_id() }}
    group by company_id, program_type, participant_id
),

cohorts as (
    select
        starts.company_id as company_id,
        starts.program_type as program_type,
        starts.cohort_month as cohort_month,
        count() as people_count,
        arrayJoin(range(toUInt32(greatest(dateDiff('month', cohort_month, any(last_months.last_month)), 0) + 1)))
            as months_since
    from starts
    left join last_months on starts.company_id = last_months.company_id
    group by company_id, program_type, cohort_month
),

active as (
    select
        starts.company_id as company_id,
        starts.program_type as program_type,
        starts.cohort_month as cohort_month,
        toUInt32(dateDiff('month', starts.cohort_month, activity.active_month)) as months_since,
        count() as people_count
    from starts
    inner join activity
    on starts.company_id = activity.company_id and starts.participant_id = activity.participant_id
    where activity.active_month >= starts.cohort_month
    group by company_id, program_type, cohort_month, months_since
)

select
    cohorts.company_id as company_id,
    cohorts.program_type::String as program_type,
    cohorts.cohort_month as cohort_month,
    cohorts.months_since as months_since,
    if(is_suppressed, null, cohorts.people_count) as cohort_size,
    if(is_suppressed, null, active.people_count) as active_count,
    if(is_suppressed, null, active.people_count / cohorts.people_count) as active_share,
    (cohorts.people_count < {{ min_group_people() }})::Bool as is_suppressed,
    if(is_suppressed, {{ too_few_people() }}, null) as suppressed_reason
from cohorts
left join active using (company_id, program_type, cohort_month, months_since)
