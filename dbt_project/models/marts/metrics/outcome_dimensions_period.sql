-- Grain: company, period grain (month or quarter), period, outcome dimension.
{{ config(order_by=['company_id', 'period_grain', 'period_start', 'dimension']) }}

with scores as (
    select
        company_id,
        {{ each_period('counted_at') }},
        dimension,
        {{ exact_sum('score') }} as score_sum,
        count() as scores_count,
        {{ exact_sum('confidence') }} as confidence_sum,
        uniqExactIf(person_id, person_id != {{ no_id() }}) as people_count
    from {{ ref('fct_outcome_scores') }}
    where company_id != {{ no_id() }}
    group by company_id, period_grain, period_start, dimension
)

select
    company_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    {{ period_end('period_grain', 'period_start') }} as period_end,
    dimension,
    score_sum,
    scores_count,
    score_sum / scores_count as avg_score,
    confidence_sum,
    confidence_sum / scores_count as confidence_avg,
    people_count
from scores
