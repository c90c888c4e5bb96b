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

periods as (
    select company_id, period_grain, period_start from booked
    union distinct
    select company_id, period_grain, period_start from mentees
)

select
    periods.company_id as company_id,
    'mentorship' as tile,
    periods.period_grain as period_grain,
    periods.period_start as period_start,
    {{ tile_metrics({
        'bookings': ['bookings', 'booked.bookings_count', none],
        'attended': ['bookings', 'booked.attended_count', none],
        'attendance_share': ['share of settled bookings', 'booked.attended_count', 'booked.settled_count'],
        'no_show_share': ['share of settled bookings', 'booked.settled_count - booked.attended_count', 'booked.settled_count'],
        'completed_sessions': ['sessions', 'mentees.sessions_total', none],
        'mentees': ['people', 'mentees.mentees_count', none],
        'mentors': ['people', 'mentors.mentors_count', none],
        'sessions_per_mentee': ['sessions per mentee', 'mentees.sessions_total', 'mentees.mentees_count'],
        'repeat_mentee_share': ['share of mentees with 2 sessions', 'mentees.repeat_count', 'mentees.mentees_count'],
    }) }} as metrics
from periods
left join booked using (company_id, period_grain, period_start)
left join mentees using (company_id, period_grain, period_start)
left join mentors using (company_id, period_grain, period_start)
