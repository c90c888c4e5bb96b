-- Grain: company, period with work of volunteers, participants' states, scores or people who found work.
with hours as (
    select
        company_id,
        {{ each_period('occurred_at') }},
        sumIf(minutes, work_type = 'session') as session_minutes,
        sumIf(minutes, work_type = 'skill_share') as skill_share_minutes,
        sumIf(minutes, work_type = 'event') as event_minutes
    from {{ ref('int_volunteer_time') }}
    group by company_id, period_key
),

first_jobs as (
    select company_id, person_id, min(placed_at) as employed_at
    from {{ ref('fct_placements') }}
    where {{ is_employment() }} and company_id != {{ no_id() }} and person_id != {{ no_id() }}
    group by company_id, person_id
),

employed as (
    select company_id, {{ each_period('employed_at') }}, count() as employed_count
    from first_jobs
    group by company_id, period_key
),

-- Since when the company hears of placements at all: before that, "nobody found work" would be a guess.
placements_known as (
    select company_id, toDate(min(placed_at)) as placements_known_from
    from {{ ref('fct_placements') }}
    group by company_id
),

integration as (
    select
        company_id,
        {{ period_of_key() }},
        count() as participants_count,
        count(score) as integration_people,
        {{ exact_sum_if('score', 'score is not null') }} as integration_sum,
        {{ exact_sum_if('language_part', 'language_part is not null') }} as language_sum
    from (
        select company_id, score, language_part, {{ period_key('period_grain', 'period_start') }} as period_key
        from {{ ref('integration_scores') }}
    )
    group by company_id, period_key
),

judged_integration as (
    select *, {{ is_of_too_few('integration_people') }} as is_withheld from integration
),

job_readiness as (
    select company_id, period_grain, period_start, people_count, avg_score, confidence_avg, suppressed_reason
    from {{ ref('outcome_dimensions_period') }}
    where dimension = 'job_readiness'
),

periods as (
    {% for part in ['hours', 'employed', 'integration', 'job_readiness'] %}
        select company_id, period_grain, period_start from {{ part }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}
)

select
    periods.company_id as company_id,
    periods.period_grain as period_grain,
    periods.period_start as period_start,
    hours.session_minutes as session_minutes,
    hours.skill_share_minutes as skill_share_minutes,
    hours.event_minutes as event_minutes,
    employed.employed_count as employed_count,
    (
        placements_known.company_id = periods.company_id
        and placements_known.placements_known_from <= {{ period_end('periods.period_grain', 'periods.period_start') }}
    )::Bool as are_placements_known,
    integration.participants_count as participants_count,
    integration.integration_people as integration_people,
    integration_people = 0 or integration.is_withheld as is_integration_unknown,
    if(is_integration_unknown, null, integration.integration_sum / integration_people / 100) as integration_avg,
    if(is_integration_unknown, null, integration.language_sum / integration_people) as language_avg,
    job_readiness.people_count as job_people,
    if(job_people = 0, null, job_readiness.avg_score) as job_avg,
    if(job_people = 0, null, job_readiness.confidence_avg) as confidence_avg,
    -- Whether the outcome's value would tell what few people said or how far they have come.
    (integration.is_withheld or job_readiness.suppressed_reason is not null)::Bool as are_outcomes_withheld
from periods
left join hours using (company_id, period_grain, period_start)
left join employed using (company_id, period_grain, period_start)
left join judged_integration as integration using (company_id, period_grain, period_start)
left join job_readiness using (company_id, period_grain, period_start)
left join placements_known on periods.company_id = placements_known.company_id
