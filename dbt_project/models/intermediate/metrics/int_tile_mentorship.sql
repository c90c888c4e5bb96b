-- Grain: company, period with mentorship sessions or bookings.
with sessions as (
    select * from {{ ref('fct_sessions') }}
    where session_type = 'mentorship'
),

-- A booking is settled once the company's sessions are known up to later than it: until then nobody can have missed it.
known_until as (
    select company_id, max(completed_at) as known_until from sessions
    group by company_id
),

bookings as (
    select
        bookings.company_id as company_id,
        bookings.scheduled_at as scheduled_at,
        bookings.scheduled_at < known_until.known_until as is_settled,
        -- Bookings do not name their session: it is the one of the same two people that was planned for that moment.
        (bookings.company_id, bookings.participant_id, bookings.volunteer_id, bookings.scheduled_at) in (
            select company_id, participant_id, volunteer_id, scheduled_at from sessions
        ) as is_attended
    from {{ ref('fct_bookings') }} as bookings
    left join known_until on bookings.company_id = known_until.company_id
    where bookings.session_type = 'mentorship'
),

booked as (
    select
        company_id,
        {{ each_period('scheduled_at') }},
        count() as bookings_count,
        countIf(is_settled or is_attended) as settled_count,
        countIf(is_attended) as attended_count
    from bookings
    group by company_id, period_key
),

by_mentee as (
    select company_id, participant_id, {{ each_period('completed_at') }}, count() as sessions_count
    from sessions
    group by company_id, participant_id, period_key
),

mentees as (
    select
        company_id,
        {{ period_of_key() }},
        sum(sessions_count) as sessions_total,
        count() as mentees_count,
        countIf(sessions_count >= 2) as repeat_count
    from by_mentee
    group by company_id, period_key
),

mentors as (
    select company_id, {{ each_period('completed_at') }}, uniqExact(volunteer_id) as mentors_count
    from sessions
    group by company_id, period_key
),

-- What is counted in a period by bookings, by mentees and by mentors, side by side.
counted as (
    select
        company_id, period_grain, period_start, bookings_count, settled_count, attended_count,
        0 as sessions_total, 0 as mentees_count, 0 as repeat_count, 0 as mentors_count
    from booked
    union all
    select company_id, period_grain, period_start, 0, 0, 0, sessions_total, mentees_count, repeat_count, 0
    from mentees
    union all
    select company_id, period_grain, period_start, 0, 0, 0, 0, 0, 0, mentors_count
    from mentors
)

select
    company_id,
    'mentorship' as tile,
    period_grain,
    period_start,
    {{ tile_metrics({
        'bookings': ['bookings', 'sum(bookings_count)', none],
        'attended': ['bookings', 'sum(attended_count)', none],
        'attendance_share': ['share of settled bookings', 'sum(attended_count)', 'sum(settled_count)'],
        'no_show_share': ['share of settled bookings', 'sum(settled_count) - sum(attended_count)', 'sum(settled_count)'],
        'completed_sessions': ['sessions', 'sum(sessions_total)', none],
        'mentees': ['people', 'sum(mentees_count)', none],
        'mentors': ['people', 'sum(mentors_count)', none],
        'sessions_per_mentee': ['sessions per mentee', 'sum(sessions_total)', 'sum(mentees_count)'],
        'repeat_mentee_share': ['share of mentees with 2 sessions', 'sum(repeat_count)', 'sum(mentees_count)'],
    }) }} as metrics
from counted
group by company_id, period_grain, period_start
