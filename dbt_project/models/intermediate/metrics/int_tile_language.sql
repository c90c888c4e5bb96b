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
    group by company_id, period_grain, period_start
),

-- The day of each session of a person, in order.
people as (
    select company_id, arraySort(groupArray(toDate(completed_at))) as days
    from sessions
    group by company_id, participant_id
),

by_person as (
    select
        company_id,
        held_in.1 as period_grain,
        held_in.2 as period_start,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        -- Sessions with the company up to the period's end, those of earlier periods included.
        arrayCount(day -> day <= period_end, days) as sessions_so_far
    from people
    array join {{ periods_of('days') }} as held_in
),

reached as (
    select
        company_id,
        period_grain,
        period_start,
        count() as participants_count,
        countIf(sessions_so_far >= 2) as active_count,
        countIf(sessions_so_far >= 4) as retained_count,
        countIf(sessions_so_far >= 8) as full_course_count
    from by_person
    group by company_id, period_grain, period_start
),

held as (
    select * from totals
    inner join reached using (company_id, period_grain, period_start)
),

ended as (
    select
        company_id,
        {{ each_period('assumeNotNull(completed_at)') }},
        count() as courses_count,
        sum(dateDiff('day', enrolled_at, assumeNotNull(completed_at))) as days_total
    from {{ ref('fct_enrollments') }}
    where program_type = 'language_course' and completed_at >= enrolled_at
    group by company_id, period_grain, period_start
),

periods as (
    select company_id, period_grain, period_start from held
    union distinct
    select company_id, period_grain, period_start from ended
)

select
    periods.company_id as company_id,
    'language' as tile,
    periods.period_grain as period_grain,
    periods.period_start as period_start,
    (1 + dateDiff('day', period_start, {{ period_end('period_grain', 'period_start') }})) / 7 as weeks,
    {{ tile_metrics({
        'participants': ['people', 'held.participants_count', none],
        'completed_sessions': ['sessions', 'held.sessions_total', none],
        'volunteer_hours': ['hours', 'held.minutes_total / 60', none],
        'sessions_per_week': ['sessions per participant and week', 'held.sessions_total', 'held.participants_count * weeks'],
        'active_share': ['share of participants with 2 sessions', 'held.active_count', 'held.participants_count'],
        'retained_share': ['share of participants with 4 sessions', 'held.retained_count', 'held.participants_count'],
        'full_course_share': ['share of participants with 8 sessions', 'held.full_course_count', 'held.participants_count'],
        'course_months': ['months from enrolment to completion', 'ended.days_total / 30.4375', 'ended.courses_count'],
    }) }} as metrics
from periods
left join held using (company_id, period_grain, period_start)
left join ended using (company_id, period_grain, period_start)
