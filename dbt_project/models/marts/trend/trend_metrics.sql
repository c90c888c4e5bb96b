-- Grain: company, metric, granularity, period. Every period from the company's first activity to its last.
{{ config(order_by=['company_id', 'metric', 'granularity', 'period_start']) }}

{%- set people = ['participants_count', 'volunteers_count'] %}
{%- set sums = [
    'sessions_count', 'volunteer_hours', 'ratings_count', 'enrollments_count', 'buddy_matches_count',
    'courses_completed_count', 'volunteering_hours', 'donations_usd', 'placements_count',
] %}
{%- set averages = ['avg_rating', 'confidence', 'belonging', 'lang_level_proxy', 'job_readiness', 'well_being'] %}
{%- set granularities = ['day', 'week', 'month', 'quarter'] %}
{%- set names = "['" ~ (people + sums + averages) | join("', '") ~ "']" %}

-- Metrics and granularities by their places in the lists: as names they would be keys of millions of rows.
with contributions as (
    select
        company_id,
        toUInt8(indexOf({{ names }}, metric)) as metric_place,
        day,
        billionths,
        facts_count,
        people_of_day,
        people_of_week,
        people_of_month,
        people_of_quarter
    from {{ ref('int_daily_measures') }}
    where metric_place > 0
),

-- Nothing, on the first and the last day of each company: between them `with fill` leaves no period out.
bounds as (
    select
        company_id,
        arrayJoin(arrayMap(place -> toUInt8(place), arrayEnumerate({{ names }}))) as metric_place,
        arrayJoin([first_day, last_day]) as day
    from (
        select company_id, min(day) as first_day, max(day) as last_day
        from {{ ref('int_daily_measures') }}
        group by company_id
    )
),

points as (
    select * from contributions
    union all
    select company_id, metric_place, day, 0, 0, 0, 0, 0, 0 from bounds
),

-- A granularity at a time and filled in order, so that memory is of what happened and not of every period.
measured as (
    {% for granularity in granularities %}
        select
            company_id,
            metric_place,
            toUInt8({{ loop.index }}) as granularity_place,
            {{ start_of(granularity, 'day') }} as period_start,
            sum(billionths) as billionths_total,
            sum(facts_count) as facts_total,
            sum(people_of_{{ granularity }}) as people_count
        from points
        group by company_id, metric_place, period_start
        order by company_id, metric_place, granularity_place, period_start with fill step interval 1 {{ granularity }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Of averages, a quarter shows all its days, weeks or months or none: one alone would follow from the rest.
withheld as (
    {% for granularity in granularities %}
        select
            company_id,
            metric_place,
            toUInt8({{ loop.index }}) as granularity_place,
            toStartOfQuarter({{ start_of(granularity, 'day') }}) as quarter_start
        from contributions
        where metric_place > {{ (people + sums) | length }}
        group by company_id, metric_place, {{ start_of(granularity, 'day') }}
        having {{ is_recognisable('sum(people_of_' ~ granularity ~ ')') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

judged as (
    select
        company_id,
        {{ names }}[metric_place] as metric,
        {{ granularities }}[granularity_place] as granularity,
        period_start,
        billionths_total / 1e9 / if(metric = 'volunteer_hours', 60, 1) as total,
        facts_total,
        people_count,
        metric_place <= {{ people | length }} as is_of_people,
        metric_place > {{ (people + sums) | length }} as is_average,
        is_average and (company_id, metric_place, granularity_place, toStartOfQuarter(period_start)) in (
            select company_id, metric_place, granularity_place, quarter_start from withheld
        ) as is_withheld
    from measured
)

select
    company_id,
    metric,
    granularity,
    period_start,
    multiIf(
        is_withheld or (is_average and facts_total = 0), null,
        is_of_people, toFloat64(people_count),
        is_average, total / facts_total,
        total
    ) as value,
    if(is_withheld, null, if(is_of_people, toFloat64(people_count), total)) as value_sum,
    if(is_withheld, null, if(is_of_people, people_count, facts_total)) as value_count,
    is_withheld::Bool as is_suppressed,
    if(is_withheld, {{ too_few_people() }}, null) as suppressed_reason
from judged
