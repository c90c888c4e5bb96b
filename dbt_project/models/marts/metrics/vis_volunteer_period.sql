-- Grain: company, volunteer, period in which the volunteer worked for the company's programmes.
{{ config(
    unique_key='volunteer_id',
    order_by=['company_id', 'period_grain', 'period_start', 'volunteer_id'],
    meta={
        'recomputed': 'volunteers',
        'rests_on': ['marts.dim_company_members', 'intermediate.int_formula_parameters'],
    },
) }}
{{- reads_when_recomputing(['fct_skill_shares', 'fct_outcome_scores', 'int_volunteer_time']) }}

{%- set names = [
    'band_contributing_from', 'band_exceptional_from', 'band_high_impact_from', 'full_hours', 'impact_from',
    'occasional_from', 'occasional_points', 'rare_points', 'regular_from', 'regular_points', 'steady_from',
    'steady_points', 'weight_consistency', 'weight_hours', 'weight_impact',
] %}

with in_force as (
    select
        company_id, effective_from, parameter_set, formula_version,
        {{ named_parameters('parameters', names) }} as p
    from {{ parameters_in_force('vis.volunteer') }}
),

inputs as (
    select
        *,
        {{ period_end('period_grain', 'period_start') }} as period_end,
        {{ parameters_key('company_id') }} as parameters_key
    from {{ ref('int_vis_volunteer_inputs') }}
    {%- if is_incremental() %}
        where volunteer_id in ({{ touched_volunteers() }})
    {%- endif %}
),

parts as (
    select
        inputs.*,
        in_force.parameter_set as parameter_set,
        in_force.formula_version as formula_version,
        in_force.p as p,
        inputs.minutes / 60 as hours,
        inputs.sessions_count / {{ months_in('inputs.period_grain') }} as sessions_per_month,
        100 * least(hours / p.full_hours, 1) as hours_part,
        multiIf(
            sessions_per_month >= p.regular_from, p.regular_points,
            sessions_per_month >= p.steady_from, p.steady_points,
            sessions_per_month >= p.occasional_from, p.occasional_points,
            sessions_per_month > 0, p.rare_points,
            0
        ) as consistency_part,
        -- A fall is no rise; where nobody could be compared, the rise is unknown.
        if(inputs.mean_change is null, null, greatest(round(inputs.mean_change, 9), 0)) as impact,
        if(impact < p.impact_from, 0, 100 * (impact - p.impact_from) / (1 - p.impact_from)) as impact_part,
        if(
            impact is null,
            null,
            {{ to_hundredths(
                "p.weight_hours * hours_part + p.weight_consistency * consistency_part"
                " + p.weight_impact * impact_part"
            ) }}
        ) as vis_score
    from inputs
    asof join in_force
    on inputs.parameters_key = in_force.company_id and inputs.period_end >= in_force.effective_from
)

select
    company_id,
    volunteer_id,
    period_grain,
    {{ period_label('period_grain', 'period_start') }} as period,
    period_start,
    period_end,
    hours,
    sessions_count,
    sessions_per_month,
    participants_count,
    toFloat64(hours_part) as hours_part,
    consistency_part,
    impact,
    if(impact is null, null, impact_part) as impact_part,
    vis_score,
    multiIf(
        vis_score is null, null,
        vis_score >= p.band_exceptional_from, 'Exceptional',
        vis_score >= p.band_high_impact_from, 'High Impact',
        vis_score >= p.band_contributing_from, 'Contributing',
        'Emerging'
    ) as band,
    if(vis_score is null, 'no_participant_compared_with_before', null) as missing_reason,
    formula_version,
    parameter_set
from parts
