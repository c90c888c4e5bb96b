-- Grain: company, metric, day, person: what adds up to a company's trends.
{%- set facts = [
    ('fct_sessions', 'completed_at', 'participant_id', "[('sessions_count', 1), ('volunteer_hours', duration_minutes)]", 'true'),
    ('fct_ratings', 'created_at', 'participant_id', "[('ratings_count', 1), ('avg_rating', assumeNotNull(rating))]", 'is_counted'),
    ('fct_enrollments', 'enrolled_at', 'participant_id', "[('enrollments_count', 1)]", 'true'),
    ('fct_buddy_matches', 'matched_at', 'participant_id', "[('buddy_matches_count', 1)]", 'true'),
    ('fct_course_completions', 'completed_at', 'participant_id', "[('courses_completed_count', 1)]", 'true'),
    ('fct_volunteering', 'activity_at', 'person_id', "[('volunteering_hours', hours)]", 'true'),
    ('fct_donations', 'donated_at', 'person_id', "[('donations_usd', assumeNotNull(amount_usd))]", 'amount_usd is not null'),
    ('fct_placements', 'placed_at', 'person_id', "[('placements_count', 1)]", 'true'),
    ('fct_outcome_scores', 'counted_at', 'person_id', "[(dimension::String, score)]", 'true'),
    ('int_activity', 'occurred_at', 'person_id', "[(concat(role, 's_count'), 1)]", 'true'),
] %}
{%- for fact, moment, person, measures, condition in facts %}
    {{ 'union all' if not loop.first }}
    select
        company_id,
        measure.1 as metric,
        toDate({{ moment }}) as day,
        {{ person }} as person_id,
        -- Whole billionths, so that sums do not depend on the order of rows; hours of sessions are minutes here.
        sum(toInt64(round(measure.2 * 1e9))) as billionths,
        count() as facts_count
    from {{ ref(fact) }}
    array join cast({{ measures }}, 'Array(Tuple(String, Float64))') as measure
    where {{ condition }} and company_id != {{ no_id() }}
    group by company_id, metric, day, person_id
{%- endfor %}
