-- Grain: company, metric, day, part of what adds up that day: a company's trends are sums of these.
{{ config(
    materialized='distributed_table' if env_var('CLICKHOUSE_CLUSTER', '') else 'table',
    engine='MergeTree()',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'metric', 'day'],
) }}

{#- Sums of a day as whole billionths, so that they do not depend on the order of rows; hours of sessions are
    minutes. -#}
{%- set billion = '1000000000' -%}
{%- set facts = [
    ('fct_sessions', 'completed_at', [
        ("'sessions_count'", 'count() * ' ~ billion),
        ("'volunteer_hours'", 'sum(toInt64(duration_minutes)) * ' ~ billion),
    ], 'true', none),
    ('fct_ratings', 'created_at', [
        ("'ratings_count'", 'count() * ' ~ billion),
        ("'avg_rating'", 'sum(toInt64(round(assumeNotNull(rating) * 1e9)))'),
    ], 'is_counted', none),
    ('fct_enrollments', 'enrolled_at', [("'enrollments_count'", 'count() * ' ~ billion)], 'true', none),
    ('fct_buddy_matches', 'matched_at', [("'buddy_matches_count'", 'count() * ' ~ billion)], 'true', none),
    ('fct_course_completions', 'completed_at', [("'courses_completed_count'", 'count() * ' ~ billion)], 'true', none),
    ('fct_volunteering', 'activity_at', [("'volunteering_hours'", 'sum(toInt64(round(hours * 1e9)))')], 'true', none),
    ('fct_donations', 'donated_at', [
        ("'donations_usd'", 'sum(toInt64(round(assumeNotNull(amount_usd) * 1e9)))')
    ], 'amount_usd is not null', none),
    ('fct_placements', 'placed_at', [("'placements_count'", 'count() * ' ~ billion)], 'true', none),
    ('fct_outcome_scores', 'counted_at', [
        ('dimension::String', 'sum(toInt64(round(score * 1e9)))')
    ], 'true', 'dimension'),
] %}
{#- The days of each person, for the metrics of which it matters how many people they are of. `kind` tells such metrics
    apart: roles as a number, since a name would be a key of millions of days. -#}
{%- set active %}
    select company_id, role = 'volunteer' as kind, days
    from {{ ref('int_active_people') }}
{% endset -%}
{%- set raters %}
    select company_id, 0 as kind, arrayCompact(arraySort(groupArray(toDate(created_at)))) as days
    from {{ ref('fct_ratings') }}
    where is_counted
    group by company_id, participant_id
{% endset -%}
{%- set scored %}
    select company_id, dimension as kind, arrayCompact(arraySort(groupArray(toDate(counted_at)))) as days
    from {{ ref('fct_outcome_scores') }}
    group by company_id, dimension, person_id
{% endset -%}
{%- set people = [
    ("if(kind = 1, 'volunteers_count', 'participants_count')", active), ("'avg_rating'", raters), ('kind::String', scored)
] %}

{% for fact, moment, measures, condition, each in facts %}
    select
        company_id,
        measure.1 as metric,
        day,
        measure.2 as billionths,
        facts_total as facts_count,
        toUInt64(0) as people_of_day,
        toUInt64(0) as people_of_week,
        toUInt64(0) as people_of_month,
        toUInt64(0) as people_of_quarter
    from (
        -- By company and day first: their names would be keys of millions of rows.
        select
            company_id,
            toDate({{ moment }}) as day,
            count() as facts_total,
            [
                {% for name, sum in measures %}
                    ({{ name }}, toInt64({{ sum }})){{ ', ' if not loop.last }}
                {% endfor %}
            ] as sums
        from {{ ref(fact) }}
        where {{ condition }} and company_id != {{ no_id() }}
        group by company_id, day{{ ', ' ~ each if each }}
    )
    array join sums as measure
    union all
{% endfor %}
-- Each person counts on the first day of a week, month or quarter they were seen on: then sums of days are exact
-- numbers of people. The day before the first one is far away.
{% for metric, days_of_people in people %}
    select
        company_id,
        {{ metric }} as metric,
        day,
        toInt64(0) as billionths,
        toUInt64(0) as facts_count,
        count() as people_of_day,
        countIf(toStartOfWeek(day, 1) != toStartOfWeek(day_before, 1)) as people_of_week,
        countIf(toStartOfMonth(day) != toStartOfMonth(day_before)) as people_of_month,
        countIf(toStartOfQuarter(day) != toStartOfQuarter(day_before)) as people_of_quarter
    from ({{ days_of_people }})
    array join days as day, arrayPushFront(arrayPopBack(days), toDate('2149-06-06')) as day_before
    where company_id != {{ no_id() }}
    group by company_id, kind, day
    {% if not loop.last %}union all{% endif %}
{% endfor %}
