-- Grain: company, participant, period in which the participant was active with the company.
-- A score is a state: what the company's own facts say of the person at the end of the period.
{{ config(order_by=['company_id', 'period_grain', 'period_start', 'person_id']) }}

with active as (
    select distinct company_id, person_id, {{ each_period('occurred_at') }}
    from {{ ref('int_activity') }}
    where role = 'participant' and company_id != {{ no_id() }}
),

periods as (
    select
        *,
        {{ period_label('period_grain', 'period_start') }} as period,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        {{ parameters_key('company_id') }} as parameters_key
    from active
),

states as (select * from {{ ref('int_integration_states') }}),

at_the_end as (
    select
        periods.*,
        ends.matches_count as matches_count,
        ends.events_count as events_count,
        ends.checkins_count as checkins_count,
        ends.courses_completed_count as courses_completed_count,
        ends.courses_in_progress_count as courses_in_progress_count,
        ends.is_employed as is_employed,
        ends.cefr_level as cefr_level
    from periods
    asof left join states as ends
    on
        periods.company_id = ends.company_id
        and periods.person_id = ends.person_id
        and periods.period_end >= ends.month_start
),

compared as (
    select
        at_the_end.*,
        earlier.matches_count as matches_before,
        earlier.events_count as events_before,
        earlier.checkins_count as checkins_before,
        earlier.courses_completed_count as courses_completed_before,
        earlier.courses_in_progress_count as courses_in_progress_before,
        earlier.is_employed as is_employed_before,
        earlier.cefr_level as level_before
    from at_the_end
    asof left join states as earlier
    on
        at_the_end.company_id = earlier.company_id
        and at_the_end.person_id = earlier.person_id
        and at_the_end.period_start > earlier.month_start
),

-- Both states are scored with the parameters of the period's end: a change of parameters is nobody's progress.
scored as (
    select
        compared.*,
        in_force.parameter_set as parameter_set,
        in_force.formula_version as formula_version,
        in_force.parameters as p,
        {{ language_part('p', 'cefr_level') }} as language_part,
        {{ social_part('p', 'matches_count', 'events_count', 'checkins_count') }} as social_part,
        {{ job_part('p', 'is_employed', 'courses_completed_count', 'courses_in_progress_count') }} as job_part,
        {{ integration_score('p', 'language_part', 'social_part', 'job_part') }} as score,
        {{ language_part('p', 'level_before') }} as language_part_before,
        {{ social_part('p', 'matches_before', 'events_before', 'checkins_before') }} as social_part_before,
        {{ job_part('p', 'is_employed_before', 'courses_completed_before', 'courses_in_progress_before') }}
            as job_part_before,
        {{ integration_score('p', 'language_part_before', 'social_part_before', 'job_part_before') }} as score_before
    from compared
    asof join {{ parameters_in_force('integration') }} as in_force
    on compared.parameters_key = in_force.company_id and compared.period_end >= in_force.effective_from
)

select
    company_id,
    person_id,
    period_grain,
    period,
    period_start,
    period_end,
    nullIf(cefr_level, '') as cefr_level,
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
        score < p['band_low_below'], 'low',
        score < p['band_medium_below'], 'medium',
        'high'
    ) as band,
    nullIf(level_before, '') as cefr_level_before,
    score_before,
    parameter_set,
    formula_version
from scored
