-- Grain: company, period grain (month or quarter), period.
{{ config(order_by=['company_id', 'period_grain', 'period_start']) }}

with inputs as (
    select
        *,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        {{ parameters_key('company_id') }} as parameters_key
    from {{ ref('int_vis_inputs') }}
),

parts as (
    select
        inputs.*,
        in_force.parameter_set as parameter_set,
        in_force.formula_version as formula_version,
        in_force.parameters as p,
        (inputs.direct_minutes + inputs.event_minutes) / 60 as hours,
        (inputs.direct_minutes * p['multiplier_direct'] + inputs.event_minutes * p['multiplier_event']) / 60
            as weighted_hours,
        100 * least(weighted_hours / p['full_hours'], 1) as hours_part,
        -- Null as soon as one of the four is.
        100 * (inputs.avg_confidence + inputs.avg_belonging + inputs.avg_well_being + inputs.avg_job_readiness) / 4
            as quality_part,
        if(inputs.compared_count = 0, null, 100 * inputs.improved_count / inputs.participants_count) as outcome_part,
        if(inputs.ready_count = 0, null, 100 * inputs.ready_employed_count / inputs.ready_count) as placement_part
    from inputs
    asof join {{ parameters_in_force('vis') }} as in_force
    on inputs.parameters_key = in_force.company_id and inputs.period_end >= in_force.effective_from
),

weighed as (
    select
        *,
        multiIf(
            round(
                abs(p['weight_hours'] + p['weight_quality'] + p['weight_outcome'] + p['weight_placement'] - 1), 9
            ) > 0.01, 'weights_do_not_sum_to_1',
            are_outcomes_withheld, {{ too_few_people() }},
            quality_part is null, 'not_all_outcomes_scored',
            outcome_part is null, 'nobody_compared_with_before',
            placement_part is null, 'nobody_ready_for_work',
            null
        ) as missing_reason,
        if(
            missing_reason is null,
            {{ to_hundredths(
                "p['weight_hours'] * hours_part + p['weight_quality'] * quality_part"
                " + p['weight_outcome'] * outcome_part + p['weight_placement'] * placement_part"
            ) }},
            null
        ) as vis
    from parts
)

select
    company_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    period_end,
    hours,
    toFloat64(hours_part) as hours_part,
    quality_part,
    outcome_part,
    placement_part,
    vis,
    multiIf(
        vis is null, null,
        vis <= p['band_developing_to'], 'Developing',
        vis <= p['band_good_to'], 'Good',
        vis <= p['band_excellent_to'], 'Excellent',
        vis <= p['band_outstanding_to'], 'Outstanding',
        'Transformational'
    ) as band,
    missing_reason,
    {{ inputs_json({
        'hours': "p['weight_hours']",
        'outcome': "p['weight_outcome']",
        'placement': "p['weight_placement']",
        'quality': "p['weight_quality']",
    }) }} as weights,
    formula_version,
    parameter_set,
    {{ inputs_json({
        'belonging': 'avg_belonging',
        'compared_participants': 'compared_count',
        'confidence': 'avg_confidence',
        'direct_hours': 'direct_minutes / 60',
        'event_hours': 'event_minutes / 60',
        'improved_participants': 'improved_count',
        'job_readiness': 'avg_job_readiness',
        'participants': 'participants_count',
        'ready_and_employed': 'ready_employed_count',
        'ready_for_work': 'ready_count',
        'weighted_hours': 'weighted_hours',
        'well_being': 'avg_well_being',
    }) }} as inputs
from weighed
