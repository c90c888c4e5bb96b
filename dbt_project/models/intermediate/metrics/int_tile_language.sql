-- Grain: company, period with language sessions or an ended language course.
with sessions as (
    select * from {{ ref('fct_sessions') }}
    where session_type = 'language'
),

totals as (
    select
        company_id,
        {{ each_period('completed_at') }},
        count() as sessions_total,
        sum(duration_minutes) as minutes_total
    from sessions
    group by company_id, period_key
),

-- The day of each session of a person, in order.
people as (
    select company_id, arraySort(groupArray(toDate(completed_at))) as days
    from sessions
    group by company_id, participant_id
),

-- The number of a period's last session is how many the person has had with the company so far.
by_person as (
    select company_id, known_until.1 as period_key, known_until.2 as sessions_so_far
    from people
    array join {{ last_of_periods('days') }} as known_until
),

reached as (
    select
        company_id,
        {{ period_of_key() }},
        count() as participants_count,
        countIf(sessions_so_far >= 2) as active_count,
        countIf(sessions_so_far >= 4) as retained_count,
        countIf(sessions_so_far >= 8) as full_course_count
    from by_person
    group by company_id, period_key
),

ended as (
    select
        company_id,
        {{ each_period('assumeNotNull(completed_at)') }},
        count() as courses_count,
        sum(dateDiff('day', enrolled_at, assumeNotNull(completed_at))) as days_total
    from {{ ref('fct_enrollments') }}
    where program_type = 'language_course' and completed_at >= enrolled_at
    group by company_id, period_key
),

-- What is counted in a period by sessions, by people and by courses, side by side.
counted as (
    select
        company_id, period_grain, period_start, sessions_total, minutes_total,
        0 as participants_count, 0 as active_count, 0 as retained_count, 0 as full_course_count,
        0 as courses_count, 0 as days_total
    from totals
    union all
    select
        company_id, period_grain, period_start, 0, 0,
        participants_count, active_count, retained_count, full_course_count, 0, 0
    from reached
    union all
    select company_id, period_grain, period_start, 0, 0, 0, 0, 0, 0, courses_count, days_total
    from ended
)

select
    company_id,
    'language' as tile,
    period_grain,
    period_start,
    (1 + dateDiff('day', period_start, {{ period_end('period_grain', 'period_start') }})) / 7 as weeks,
    {{ tile_metrics({
        'participants': ['people', 'sum(participants_count)', none],
        'completed_sessions': ['sessions', 'sum(sessions_total)', none],
        'volunteer_hours': ['hours', 'sum(minutes_total) / 60', none],
        'sessions_per_week': ['sessions per participant and week', 'sum(sessions_total)', 'sum(participants_count) * weeks'],
        'active_share': ['share of participants with 2 sessions', 'sum(active_count)', 'sum(participants_count)'],
        'retained_share': ['share of participants with 4 sessions', 'sum(retained_count)', 'sum(participants_count)'],
        'full_course_share': ['share of participants with 8 sessions', 'sum(full_course_count)', 'sum(participants_count)'],
        'course_months': ['months from enrolment to completion', 'sum(days_total) / 30.4375', 'sum(courses_count)'],
    }) }} as metrics
from counted
group by company_id, period_grain, period_start
