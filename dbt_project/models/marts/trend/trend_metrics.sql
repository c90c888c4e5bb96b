-- Grain: company, metric, granularity, period. Every period from the company's first activity to its last.
{{ config(order_by=['company_id', 'metric', 'granularity', 'period_start']) }}

with daily as (select * from {{ ref('int_daily_measures') }}),

metrics as (
    select kind, arrayJoin(names) as metric
    from values (
        'kind String, names Array(String)',
        ('people', ['participants_count', 'volunteers_count']),
        ('sum', [
            'sessions_count', 'volunteer_hours', 'ratings_count', 'enrollments_count', 'buddy_matches_count',
            'courses_completed_count', 'volunteering_hours', 'donations_usd', 'placements_count'
        ]),
        ('average', [
            'avg_rating', 'confidence', 'belonging', 'lang_level_proxy', 'job_readiness', 'well_being'
        ])
    )
),

measured as (
    select
        company_id,
        metric,
        granularity,
        {{ start_of('granularity', 'day') }} as period_start,
        sum(billionths) / 1e9 / if(metric = 'volunteer_hours', 60, 1) as total,
        sum(facts_count) as facts_count,
        sum(people) as people_count
    from daily
    array join
        {{ granularities() }} as granularity,
        [people_of_day, people_of_week, people_of_month, people_of_quarter] as people
    group by company_id, metric, granularity, period_start
),

spans as (
    select company_id, arrayMap(n -> min(day) + n, range(toUInt32(max(day) - min(day) + 1))) as days
    from daily
    group by company_id
),

spine as (
    select
        spans.company_id as company_id,
        metrics.kind as kind,
        metrics.metric as metric,
        granularity,
        arrayJoin(arrayDistinct(arrayMap(day -> {{ start_of('granularity', 'day') }}, spans.days))) as period_start
    from spans
    cross join metrics
    array join {{ granularities() }} as granularity
),

-- Of averages, a quarter shows all its days, weeks or months or none: one alone would follow from the rest.
judged as (
    select
        spine.company_id as company_id,
        spine.kind as kind,
        spine.metric as metric,
        spine.granularity as granularity,
        spine.period_start as period_start,
        measured.total as total,
        measured.facts_count as facts_count,
        measured.people_count as people_count,
        kind = 'average' and coalesce(min(nullIf(measured.people_count, 0)) over (
            partition by spine.company_id, spine.metric, spine.granularity, toStartOfQuarter(spine.period_start)
        ) < {{ min_group_people() }}, false) as is_withheld
    from spine
    left join measured using (company_id, metric, granularity, period_start)
)

select
    company_id,
    metric,
    granularity,
    period_start,
    multiIf(
        is_withheld or (kind = 'average' and facts_count = 0), null,
        kind = 'people', toFloat64(people_count),
        kind = 'average', total / facts_count,
        total
    ) as value,
    if(is_withheld, null, if(kind = 'people', toFloat64(people_count), total)) as value_sum,
    if(is_withheld, null, if(kind = 'people', people_count, facts_count)) as value_count,
    is_withheld::Bool as is_suppressed,
    if(is_withheld, {{ too_few_people() }}, null) as suppressed_reason
from judged
