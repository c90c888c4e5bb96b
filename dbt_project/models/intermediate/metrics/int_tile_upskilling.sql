-- Grain: company, period with enrolments in courses, completed courses or placements of people who completed one.
with enrolled as (
    select
        company_id,
        {{ each_period('enrolled_at') }},
        count() as enrolments_count,
        countIf(status = 'completed') as completed_count
    from {{ ref('fct_enrollments') }}
    where program_type in ('upskilling_course', 'certification_program')
    group by company_id, period_key
),

completed as (
    select company_id, {{ each_period('completed_at') }}, count() as completions_count
    from {{ ref('fct_course_completions') }}
    group by company_id, period_key
),

first_completions as (
    select company_id, participant_id, min(completed_at) as completed_at
    from {{ ref('fct_course_completions') }}
    group by company_id, participant_id
),

-- Real ones only: of people who had completed a course with the company by then.
placed as (
    select
        placements.company_id as company_id,
        {{ each_period('placements.placed_at') }},
        count() as placements_count
    from {{ ref('fct_placements') }} as placements
    inner join first_completions
    on
        placements.company_id = first_completions.company_id
        and placements.person_id = first_completions.participant_id
    where {{ is_employment() }} and placements.placed_at >= first_completions.completed_at
    group by company_id, period_key
),

periods as (
    {% for part in ['enrolled', 'completed', 'placed'] %}
        select company_id, period_grain, period_start from {{ part }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}
)

select
    periods.company_id as company_id,
    'upskilling' as tile,
    periods.period_grain as period_grain,
    periods.period_start as period_start,
    {{ tile_metrics({
        'enrolments': ['enrolments', 'enrolled.enrolments_count', none],
        'completions': ['courses', 'completed.completions_count', none],
        'completion_share': ['share of enrolments', 'enrolled.completed_count', 'enrolled.enrolments_count'],
        'placements': ['placements', 'placed.placements_count', none],
    }) }} as metrics
from periods
left join enrolled using (company_id, period_grain, period_start)
left join completed using (company_id, period_grain, period_start)
left join placed using (company_id, period_grain, period_start)
