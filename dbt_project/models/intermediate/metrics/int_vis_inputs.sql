-- Grain: company, period in which volunteers worked or participants were active.
with hours as (
    select
        company_id,
        {{ each_period('occurred_at') }},
        sumIf(minutes, work_type in ('session', 'skill_share')) as direct_minutes,
        sumIf(minutes, work_type = 'event') as event_minutes
    from {{ ref('int_volunteer_time') }}
    group by company_id, period_key
),

dimensions as (
    select
        {% for dimension in ['confidence', 'belonging', 'well_being', 'job_readiness'] %}
            maxIf(toNullable(avg_score), dimension = '{{ dimension }}') as avg_{{ dimension }},
        {% endfor %}
        max(suppressed_reason is not null and dimension != 'lang_level_proxy') as are_withheld,
        company_id,
        period_grain,
        period_start
    from {{ ref('outcome_dimensions_period') }}
    group by company_id, period_grain, period_start
),

-- Largest rise of any dimension, and how ready for work, by person.
people as (
    select
        company_id,
        person_id,
        {{ period_key('period_grain', 'period_start') }} as period_key,
        max(avg_score - avg_score_before) as best_rise,
        maxIf(toNullable(avg_score), dimension = 'job_readiness') as job_readiness
    from {{ ref('int_person_outcomes') }}
    group by company_id, person_id, period_key
),

scores as (
    select *, {{ period_key('period_grain', 'period_start') }} as period_key from {{ ref('integration_scores') }}
),

rises as (
    select
        scores.company_id as company_id,
        scores.period_key as period_key,
        scores.is_employed as is_employed,
        scores.score - scores.score_before as points_risen,
        {{ level_rank('scores.cefr_level') }} - {{ level_rank('scores.cefr_level_before') }} as levels_risen,
        -- Differences of decimal scores: 0.75 - 0.6 is a little less than 0.15.
        round(people.best_rise, 9) as best_rise,
        people.job_readiness as job_readiness
    from scores
    left join people
    on
        scores.company_id = people.company_id
        and scores.person_id = people.person_id
        and scores.period_key = people.period_key
),

-- Somebody who could not be compared with an earlier period has not improved, as far as anybody knows.
participants as (
    select
        company_id,
        {{ period_of_key() }},
        {{ parameters_key('company_id') }} as parameters_key,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        count() as participants_count,
        countIf(coalesce(points_risen, levels_risen, best_rise) is not null) as compared_count,
        -- As arrays, so that thresholds are looked up once per company and period, and not per person.
        groupArray((coalesce(points_risen, -inf), coalesce(levels_risen, -inf), coalesce(best_rise, -inf))) as risen,
        groupArrayIf((assumeNotNull(job_readiness), is_employed), job_readiness is not null) as readiness
    from rises
    group by company_id, period_key
),

in_force as (
    select
        company_id,
        effective_from,
        {{ named_parameters(
            'parameters', ['improved_points', 'improved_levels', 'improved_dimension', 'ready_from']
        ) }} as p
    from {{ parameters_in_force('vis') }}
),

outcomes as (
    select
        participants.company_id as company_id,
        participants.period_grain as period_grain,
        participants.period_start as period_start,
        participants.participants_count as participants_count,
        participants.compared_count as compared_count,
        arrayCount(
            rise -> rise.1 >= p.improved_points or rise.2 >= p.improved_levels or rise.3 >= p.improved_dimension,
            participants.risen
        ) as improved_count,
        arrayCount(one -> one.1 >= p.ready_from, participants.readiness) as ready_count,
        arrayCount(one -> one.1 >= p.ready_from and one.2, participants.readiness) as ready_employed_count,
        in_force.p as p
    from participants
    asof join in_force
    on participants.parameters_key = in_force.company_id and participants.period_end >= in_force.effective_from
),

-- Of scores, and not of outcomes, which would join millions of people's scores once more.
periods as (
    select company_id, period_grain, period_start from hours
    union distinct
    select company_id, period_grain, period_start from scores
)

select
    periods.company_id as company_id,
    periods.period_grain as period_grain,
    periods.period_start as period_start,
    hours.direct_minutes as direct_minutes,
    hours.event_minutes as event_minutes,
    dimensions.avg_confidence as avg_confidence,
    dimensions.avg_belonging as avg_belonging,
    dimensions.avg_well_being as avg_well_being,
    dimensions.avg_job_readiness as avg_job_readiness,
    outcomes.participants_count as participants_count,
    outcomes.compared_count as compared_count,
    outcomes.improved_count as improved_count,
    outcomes.ready_count as ready_count,
    outcomes.ready_employed_count as ready_employed_count,
    dimensions.are_withheld::Bool as are_outcomes_withheld
from periods
left join hours using (company_id, period_grain, period_start)
left join dimensions using (company_id, period_grain, period_start)
left join outcomes using (company_id, period_grain, period_start)
