-- Grain: company, metric, day, part of what adds up that day: a company's trends are sums of these.
{%- set facts = [
    ('fct_sessions', 'completed_at', "[('sessions_count', 1), ('volunteer_hours', duration_minutes)]", 'true'),
    ('fct_ratings', 'created_at', "[('ratings_count', 1), ('avg_rating', assumeNotNull(rating))]", 'is_counted'),
    ('fct_enrollments', 'enrolled_at', "[('enrollments_count', 1)]", 'true'),
    ('fct_buddy_matches', 'matched_at', "[('buddy_matches_count', 1)]", 'true'),
    ('fct_course_completions', 'completed_at', "[('courses_completed_count', 1)]", 'true'),
    ('fct_volunteering', 'activity_at', "[('volunteering_hours', hours)]", 'true'),
    ('fct_donations', 'donated_at', "[('donations_usd', assumeNotNull(amount_usd))]", 'amount_usd is not null'),
    ('fct_placements', 'placed_at', "[('placements_count', 1)]", 'true'),
    ('fct_outcome_scores', 'counted_at', "[(dimension::String, score)]", 'true'),
] %}
-- The days of each person, for the metrics of which it matters how many people they are of.
with people as (
    select company_id, concat(role, 's_count') as metric, days
    from {{ ref('int_active_people') }}
    union all
    select company_id, 'avg_rating', arrayCompact(arraySort(groupArray(toDate(created_at))))
    from {{ ref('fct_ratings') }}
    where is_counted
    group by company_id, participant_id
    union all
    select company_id, dimension::String, arrayCompact(arraySort(groupArray(toDate(counted_at))))
    from {{ ref('fct_outcome_scores') }}
    group by company_id, dimension, person_id
)

{% for fact, moment, measures, condition in facts %}
    select
        company_id,
        measure.1 as metric,
        toDate({{ moment }}) as day,
        -- Whole billionths, so that sums do not depend on the order of rows; hours of sessions are minutes here.
        sum(toInt64(round(measure.2 * 1e9))) as billionths,
        count() as facts_count,
        toUInt64(0) as people_of_day,
        toUInt64(0) as people_of_week,
        toUInt64(0) as people_of_month,
        toUInt64(0) as people_of_quarter
    from {{ ref(fact) }}
    array join cast({{ measures }}, 'Array(Tuple(String, Float64))') as measure
    where {{ condition }} and company_id != {{ no_id() }}
    group by company_id, metric, day
    union all
{% endfor %}
-- Each person counts on the first day of a week, month or quarter they were seen on: then sums of days are exact
-- numbers of people. The day before the first is one far away.
select
    company_id,
    metric,
    day,
    toInt64(0) as billionths,
    toUInt64(0) as facts_count,
    count() as people_of_day,
    countIf(toStartOfWeek(day, 1) != toStartOfWeek(day_before, 1)) as people_of_week,
    countIf(toStartOfMonth(day) != toStartOfMonth(day_before)) as people_of_month,
    countIf(toStartOfQuarter(day) != toStartOfQuarter(day_before)) as people_of_quarter
from people
array join days as day, arrayPushFront(arrayPopBack(days), toDate('2149-06-06')) as day_before
where company_id != {{ no_id() }}
group by company_id, metric, day
