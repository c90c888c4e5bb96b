-- Grain: company, period grain (month or quarter), period. Periods are in UTC.
{{ config(order_by=['company_id', 'period_grain', 'period_start']) }}

with people as (
    select
        company_id,
        {{ each_period('occurred_at') }},
        uniqExactIf(person_id, role = 'participant') as participants_count,
        uniqExactIf(person_id, role = 'volunteer') as volunteers_count
    from {{ ref('int_activity') }}
    group by company_id, period_grain, period_start
),

sessions as (
    select
        company_id,
        {{ each_period('completed_at') }},
        count() as sessions_count,
        countIf(session_type = 'language') as language_sessions_count,
        countIf(session_type = 'mentorship') as mentorship_sessions_count,
        sum(duration_minutes) as volunteer_minutes
    from {{ ref('fct_sessions') }}
    group by company_id, period_grain, period_start
),

ratings as (
    select
        company_id,
        {{ each_period('created_at') }},
        count() as ratings_count,
        -- Added up as whole billionths: a sum of floats would depend on the order in which threads meet.
        sum(toInt64(round(assumeNotNull(rating) * 1e9))) / 1e9 as rating_sum
    from {{ ref('fct_ratings') }}
    where is_counted
    group by company_id, period_grain, period_start
),

enrollments as (
    select company_id, {{ each_period('enrolled_at') }}, count() as enrollments_count
    from {{ ref('fct_enrollments') }}
    group by company_id, period_grain, period_start
),

buddy_matches as (
    select company_id, {{ each_period('matched_at') }}, count() as buddy_matches_count
    from {{ ref('fct_buddy_matches') }}
    group by company_id, period_grain, period_start
),

courses as (
    select company_id, {{ each_period('completed_at') }}, count() as courses_completed_count
    from {{ ref('fct_course_completions') }}
    group by company_id, period_grain, period_start
),

-- Every period in which a company has something to count.
periods as (
    {% for part in ['people', 'sessions', 'ratings', 'enrollments', 'buddy_matches', 'courses'] %}
        select company_id, period_grain, period_start from {{ part }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}
)

-- An unmatched left join yields 0 in ClickHouse, which is what a count should be.
select
    periods.company_id as company_id,
    periods.period_grain as period_grain,
    if(
        periods.period_grain = 'month',
        formatDateTime(periods.period_start, '%Y-%m'),
        concat(toString(toYear(periods.period_start)), '-Q', toString(toQuarter(periods.period_start)))
    ) as period,
    periods.period_start as period_start,
    toLastDayOfMonth(addMonths(periods.period_start, if(periods.period_grain = 'month', 0, 2))) as period_end,
    people.participants_count as participants_count,
    people.volunteers_count as volunteers_count,
    sessions.sessions_count as sessions_count,
    sessions.language_sessions_count as language_sessions_count,
    sessions.mentorship_sessions_count as mentorship_sessions_count,
    sessions.volunteer_minutes / 60 as volunteer_hours,
    ratings.ratings_count as ratings_count,
    ratings.rating_sum as rating_sum,
    if(ratings.ratings_count = 0, null, ratings.rating_sum / ratings.ratings_count) as avg_rating,
    enrollments.enrollments_count as enrollments_count,
    buddy_matches.buddy_matches_count as buddy_matches_count,
    courses.courses_completed_count as courses_completed_count
from periods
left join people using (company_id, period_grain, period_start)
left join sessions using (company_id, period_grain, period_start)
left join ratings using (company_id, period_grain, period_start)
left join enrollments using (company_id, period_grain, period_start)
left join buddy_matches using (company_id, period_grain, period_start)
left join courses using (company_id, period_grain, period_start)
where periods.company_id != {{ no_id() }}
