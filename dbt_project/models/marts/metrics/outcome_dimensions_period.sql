-- Grain: company, period grain (month or quarter), period, outcome dimension.
{{ config(order_by=['company_id', 'period_grain', 'period_start', 'dimension']) }}

with scores as (
    select
        company_id,
        {{ each_period('counted_at') }},
        dimension,
        {{ exact_sum('score') }} as exact_score_sum,
        count() as scores_count,
        {{ exact_sum('confidence') }} as exact_confidence_sum,
        uniqExactIf(person_id, person_id != {{ no_id() }}) as people_count,
        -- Texts of nobody known may all be one person's.
        uniqExact(person_id) as voices_count
    from {{ ref('fct_outcome_scores') }}
    where company_id != {{ no_id() }}
    group by company_id, period_key, dimension
),

judged as (
    select
        *,
        {{ is_of_too_few('voices_count', by=['dimension']) }} as is_withheld
    from scores
)

select
    company_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    {{ period_end('period_grain', 'period_start') }} as period_end,
    dimension,
    if(is_withheld, null, exact_score_sum) as score_sum,
    scores_count,
    if(is_withheld, null, exact_score_sum / scores_count) as avg_score,
    if(is_withheld, null, exact_confidence_sum) as confidence_sum,
    if(is_withheld, null, exact_confidence_sum / scores_count) as confidence_avg,
    people_count,
    if(is_withheld, {{ too_few_people() }}, null) as suppressed_reason
from judged
