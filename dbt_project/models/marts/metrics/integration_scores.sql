-- Grain: company, participant, period in which the participant was active with the company.
-- A score is a state: what the company's own facts say of the person at the end of the period.
{{ config(
    unique_key='person_id',
    order_by=['company_id', 'period_grain', 'period_start', 'person_id'],
    meta={'recomputed': 'people', 'rests_on': ['marts.dim_company_members', 'intermediate.int_formula_parameters']},
) }}
{{- reads_when_recomputing(['fct_skill_shares']) }}

{%- set state = [
    'matches_count', 'events_count', 'checkins_count', 'courses_completed_count', 'courses_in_progress_count',
    'is_employed', 'cefr_level',
] %}

with states as (
    select
        {%- for column in state %}
            lagInFrame({{ column }}) over running as {{ column }}_before,
        {%- endfor %}
        *
    from {{ ref('int_integration_states') }}
    {%- if is_incremental() %}
        where person_id in ({{ touched_people() }})
    {%- endif %}
    window running as (
        partition by company_id, person_id order by month_start rows between unbounded preceding and current row
    )
),

-- A quarter ends as its last known month and begins as its first.
compared as (
    select
        {%- for column in state %}
            {{ column }},
            {{ column }}_before,
        {%- endfor %}
        company_id,
        person_id,
        'month' as period_grain,
        month_start as period_start
    from states
    where is_active
    union all
    select
        {%- for column in state %}
            argMax({{ column }}, month_start),
            argMin({{ column }}_before, month_start),
        {%- endfor %}
        company_id,
        person_id,
        'quarter' as period_grain,
        toStartOfQuarter(month_start) as period_start
    from states
    group by company_id, person_id, period_start
    having max(is_active)
),

periods as (
    select
        *,
        {{ period_label('period_grain', 'period_start') }} as period,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        {{ parameters_key('company_id') }} as parameters_key
    from compared
),

in_force as (
    select
        company_id,
        effective_from,
        parameter_set,
        formula_version,
        {{ integration_parameters('parameters') }} as p
    from {{ parameters_in_force('integration') }}
),

-- Both states are scored with the parameters of the period's end: a change of parameters is nobody's progress.
scored as (
    select
        periods.*,
        in_force.parameter_set as parameter_set,
        in_force.formula_version as formula_version,
        in_force.p as p,
        {{ language_part('p', 'cefr_level') }} as language_part,
        {{ social_part('p', 'matches_count', 'events_count', 'checkins_count') }} as social_part,
        {{ job_part('p', 'is_employed', 'courses_completed_count', 'courses_in_progress_count') }} as job_part,
        {{ integration_score('p', 'language_part', 'social_part', 'job_part') }} as score,
        {{ language_part('p', 'cefr_level_before') }} as language_part_before,
        {{ social_part('p', 'matches_count_before', 'events_count_before', 'checkins_count_before') }}
            as social_part_before,
        {{ job_part(
            'p', 'is_employed_before', 'courses_completed_count_before', 'courses_in_progress_count_before'
        ) }} as job_part_before,
        {{ integration_score('p', 'language_part_before', 'social_part_before', 'job_part_before') }} as score_before
    from periods
    asof join in_force
    on periods.parameters_key = in_force.company_id and periods.period_end >= in_force.effective_from
)

select
    company_id,
    person_id,
    period_grain,
    period,
    period_start,
    period_end,
    nullIf(scored.cefr_level, '') as cefr_level,
    matches_count,
    events_count,
    checkins_count,
    courses_completed_count,
    courses_in_progress_count,
    is_employed,
    language_part,
    toFloat64(social_part) as social_part,
    toFloat64(job_part) as job_part,
    score,
    multiIf(
        score is null, null,
        score < p.band_low_below, 'low',
        score < p.band_medium_below, 'medium',
        'high'
    ) as band,
    nullIf(scored.cefr_level_before, '') as cefr_level_before,
    score_before,
    parameter_set,
    formula_version
from scored
