-- Grain: company, period grain, period, variant, scenario.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period', 'variant', 'scenario'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    variant,
    scenario,
    ratio,
    value,
    cost,
    currency,
    unit,
    formula_version,
    parameter_set,
    inputs,
    missing_reason
from {{ source('serving', 'sroi_company_period') }}
