-- Grain: company, period grain (month or quarter), period, variant, scenario.
{{ config(order_by=['company_id', 'period_grain', 'period_start', 'variant', 'scenario']) }}

{% set scenarios = ['low', 'base', 'high'] %}

with measured as (
    select
        *,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        {{ parameters_key('company_id') }} as parameters_key,
        (session_minutes + skill_share_minutes + event_minutes) / 60 as hours
    from {{ ref('int_sroi_inputs') }}
),

-- What it cost is known: it has no scenarios, and both variants divide by it.
costed as (
    select
        measured.*,
        in_force.parameter_set as cost_set,
        in_force.formula_version as cost_version,
        in_force.currency as currency,
        in_force.parameters['hourly_value'] as hourly_value,
        in_force.parameters['platform_cost_per_month'] * {{ months_in('measured.period_grain') }} as platform_cost,
        measured.hours * hourly_value + platform_cost as cost
    from measured
    asof join {{ parameters_in_force('sroi.cost') }} as in_force
    on measured.parameters_key = in_force.company_id and measured.period_end >= in_force.effective_from
),

by_scenario as (
    select
        costed.*,
        scenario
    from costed
    array join ['low', 'base', 'high'] as scenario
),

with_employment as (
    select
        by_scenario.*,
        in_force.parameter_set as employment_set,
        in_force.formula_version as employment_version,
        in_force.parameters as e
    from by_scenario
    asof join {{ parameters_in_force('sroi.employment_npv', scenarios) }} as in_force
    on
        by_scenario.parameters_key = in_force.company_id
        and by_scenario.scenario = in_force.scenario
        and by_scenario.period_end >= in_force.effective_from
),

with_outcomes as (
    select
        with_employment.*,
        in_force.parameter_set as outcome_set,
        in_force.formula_version as outcome_version,
        in_force.parameters as o
    from with_employment
    asof join {{ parameters_in_force('sroi.outcome_value', scenarios) }} as in_force
    on
        with_employment.parameters_key = in_force.company_id
        and with_employment.scenario = in_force.scenario
        and with_employment.period_end >= in_force.effective_from
),

valued as (
    select
        *,
        {{ employment_value('employed_count', 'e') }} as employment_value,
        -- Scores that a model was unsure of are worth less; without scores there is nothing to be unsure of.
        if(confidence_avg < o['confident_from'], o['unsure_factor'], 1) as confidence_factor,
        confidence_factor * (
            {{ outcome_value('integration_avg', 'integration_people', "o['value_integration']", "o['baseline']") }}
            + {{ outcome_value('language_avg', 'integration_people', "o['value_language']", "o['baseline']") }}
            + {{ outcome_value('job_avg', 'job_people', "o['value_job_readiness']", "o['baseline']") }}
        ) as outcome_value,
        arrayJoin(['employment_npv', 'outcome_value']) as variant,
        variant = 'employment_npv' as is_net,
        if(is_net, employment_value, outcome_value) as known_value,
        if(is_net, employment_set, outcome_set) as value_set,
        multiIf(
            is_net and not are_placements_known, 'no_placements_known',
            not is_net and are_outcomes_withheld, {{ too_few_people() }},
            not is_net and integration_people + job_people = 0, 'no_outcomes_measured',
            ''
        ) as value_unknown_because
    from with_outcomes
)

select
    company_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    period_end,
    variant,
    scenario,
    multiIf(
        missing_reason is not null, null,
        is_net, {{ to_hundredths('(known_value - cost) / cost') }},
        {{ to_hundredths('known_value / cost') }}
    ) as ratio,
    if(value_unknown_because = '', round(known_value, 6), null) as value,
    round(cost, 6) as cost,
    currency,
    if(is_net, 'net: (value - cost) / cost', 'gross: value / cost') as unit,
    concat(if(is_net, employment_version, outcome_version), ' ', cost_version) as formula_version,
    if(value_set = cost_set, value_set, concat(value_set, ', cost ', cost_set)) as parameter_set,
    if(
        is_net,
        {{ inputs_json({
            'annual_lift': "e['annual_lift']",
            'discount_rate': "e['discount_rate']",
            'employed_people': 'employed_count',
            'event_hours': 'event_minutes / 60',
            'horizon_years': "e['horizon_years']",
            'hourly_value': 'hourly_value',
            'multiplier': "e['multiplier']",
            'platform_cost': 'platform_cost',
            'session_hours': 'session_minutes / 60',
            'skill_share_hours': 'skill_share_minutes / 60',
        }) }},
        {{ inputs_json({
            'baseline': "o['baseline']",
            'confidence': 'confidence_avg',
            'confidence_factor': 'confidence_factor',
            'event_hours': 'event_minutes / 60',
            'hourly_value': 'hourly_value',
            'integration': 'integration_avg',
            'integration_people': 'integration_people',
            'job_readiness': 'job_avg',
            'job_readiness_people': 'job_people',
            'language': 'language_avg',
            'language_people': 'integration_people',
            'participants': 'participants_count',
            'platform_cost': 'platform_cost',
            'session_hours': 'session_minutes / 60',
            'skill_share_hours': 'skill_share_minutes / 60',
            'value_integration': "o['value_integration']",
            'value_job_readiness': "o['value_job_readiness']",
            'value_language': "o['value_language']",
        }) }}
    ) as inputs,
    multiIf(value_unknown_because != '', value_unknown_because, cost <= 0, 'no_cost', null) as missing_reason
from valued
