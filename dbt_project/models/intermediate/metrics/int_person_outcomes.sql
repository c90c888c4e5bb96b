-- Grain: company, person, outcome dimension, period grain, period with a score of that person.
with means as (
    select
        company_id,
        person_id,
        dimension,
        {{ each_period('counted_at') }},
        {{ exact_sum('score') }} / count() as avg_score
    from {{ ref('fct_outcome_scores') }}
    where company_id != {{ no_id() }} and person_id != {{ no_id() }}
    group by company_id, person_id, dimension, period_key
)

select
    company_id,
    person_id,
    dimension,
    period_grain,
    period_start,
    avg_score,
    -- The person's own last period with a score, however long ago.
    lagInFrame(toNullable(avg_score)) over (
        partition by company_id, person_id, dimension, period_key % 2
        order by period_start rows between unbounded preceding and current row
    ) as avg_score_before
from means
