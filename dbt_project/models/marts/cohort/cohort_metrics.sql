-- Grain: cohort, metric, period grain, period.
{{ config(order_by=['company_id', 'cohort_id', 'metric', 'period_grain', 'period_start']) }}

{%- set statistics = ['p25', 'p50', 'p75', 'p95'] %}

with observed as (select * from {{ ref('int_cohort_values') }}),

measured as (
    select
        cohort_id,
        company_id,
        metric,
        period_grain,
        period_start,
        count() as people_count,
        {{ exact_sum('value') }} as exact_sum,
        -- Statistics of sorted values: alike in every order in which the rows were read.
        arraySort(groupArray(value)) as sorted_values,
        arrayReduce('quantilesExactInclusive(0.25, 0.5, 0.75, 0.95)', sorted_values) as quantiles
    from observed
    group by cohort_id, company_id, metric, period_grain, period_start
),

-- A cohort inside a group that has a few people more (another cohort, or everybody of the company): their values
-- would follow by subtraction.
few_less as (
    select
        measured.cohort_id as cohort_id,
        wider.cohort_id as wider_id,
        measured.company_id as company_id,
        measured.metric as metric,
        measured.period_grain as period_grain,
        measured.period_start as period_start,
        measured.people_count as people_count
    from measured
    inner join measured as wider using (company_id, metric, period_grain, period_start)
    where measured.cohort_id != {{ no_id() }} and {{ is_recognisable('wider.people_count - measured.people_count') }}
),

nested as (
    select
        few_less.cohort_id as cohort_id,
        few_less.metric as metric,
        few_less.period_grain as period_grain,
        few_less.period_start as period_start
    from few_less
    inner join observed
    on
        few_less.cohort_id = observed.cohort_id and few_less.metric = observed.metric
        and few_less.period_grain = observed.period_grain and few_less.period_start = observed.period_start
    inner join observed as wider
    on
        few_less.wider_id = wider.cohort_id and few_less.company_id = wider.company_id
        and few_less.metric = wider.metric and few_less.period_grain = wider.period_grain
        and few_less.period_start = wider.period_start and observed.participant_id = wider.participant_id
    group by cohort_id, few_less.wider_id, metric, period_grain, period_start
    having count() = any(few_less.people_count)
),

judged as (
    select
        *,
        multiIf(
            people_count < {{ min_group_people() }}, {{ too_few_people() }},
            (cohort_id, metric, period_grain, period_start) in (select * from nested), 'others_would_be_recognised',
            ''
        ) as reason
    from measured
    where cohort_id != {{ no_id() }}
),

-- Quarters whose withheld months concern few people all in all: these would follow from the quarter less the other
-- months.
quarters_with_few_withheld as (
    select
        judged.cohort_id as cohort_id,
        judged.metric as metric,
        toStartOfQuarter(judged.period_start) as quarter_start
    from judged
    inner join observed using (cohort_id, company_id, metric, period_grain, period_start)
    where judged.period_grain = 'month' and judged.reason != ''
    group by cohort_id, metric, quarter_start
    having uniqExact(observed.participant_id) < {{ min_group_people() }}
),

decided as (
    select
        * except (reason),
        if(
            reason = '' and period_grain = 'month'
            and (cohort_id, metric, toStartOfQuarter(period_start)) in (select * from quarters_with_few_withheld),
            'others_would_be_recognised',
            reason
        ) as reason,
        reason != '' as is_withheld
    from judged
)

select
    cohort_id,
    company_id,
    metric,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    if(is_withheld, null, exact_sum) as value_sum,
    if(is_withheld, null, people_count) as n,
    if(is_withheld, null, exact_sum / people_count) as avg,
    {%- for name in statistics %}
        if(is_withheld, null, quantiles[{{ loop.index }}]) as {{ name }},
    {%- endfor %}
    if(is_withheld, null, sorted_values[1]) as min,
    if(is_withheld, null, sorted_values[-1]) as max,
    if(is_withheld, null, arrayReduce('stddevPopStable', sorted_values)) as std,
    is_withheld::Bool as is_suppressed,
    if(is_withheld, reason, null) as suppressed_reason
from decided
