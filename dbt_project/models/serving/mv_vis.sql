-- Grain: company, period grain, period.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    hours,
    hours_part,
    quality_part,
    outcome_part,
    placement_part,
    vis,
    band,
    weights,
    formula_version,
    parameter_set,
    inputs,
    missing_reason
from {{ source('serving', 'vis_company_period') }}
