-- Grain: company, participant, metric, period grain, period: what one person did or said with one company.
with measured as (
    select
        company_id,
        participant_id,
        {{ each_period('completed_at') }},
        'sessions_count' as metric,
        toFloat64(count()) as value
    from {{ ref('fct_sessions') }}
    group by company_id, participant_id, period_key
    union all
    select
        company_id,
        participant_id,
        {{ each_period('completed_at') }},
        'session_minutes' as metric,
        toFloat64(sum(duration_minutes)) as value
    from {{ ref('fct_sessions') }}
    group by company_id, participant_id, period_key
    union all
    select
        company_id,
        participant_id,
        {{ each_period('created_at') }},
        'rating' as metric,
        {{ exact_mean('assumeNotNull(rating)') }} as value
    from {{ ref('fct_ratings') }}
    where is_counted
    group by company_id, participant_id, period_key
    union all
    select
        company_id,
        participant_id,
        {{ each_period('completed_at') }},
        'courses_completed_count' as metric,
        toFloat64(count()) as value
    from {{ ref('fct_course_completions') }}
    group by company_id, participant_id, period_key
    union all
    select
        company_id,
        person_id as participant_id,
        {{ each_period('counted_at') }},
        dimension as metric,
        {{ exact_mean('score') }} as value
    from {{ ref('fct_outcome_scores') }}
    group by company_id, participant_id, period_key, metric
    union all
    select
        company_id,
        person_id as participant_id,
        {{ period_key('period_grain', 'period_start') }} as period_key,
        period_grain,
        period_start,
        'integration_score' as metric,
        assumeNotNull(score) as value
    from {{ ref('integration_scores') }}
    where score is not null
)

select company_id, participant_id, period_grain, period_start, metric, value from measured
where company_id != {{ no_id() }} and participant_id != {{ no_id() }}
