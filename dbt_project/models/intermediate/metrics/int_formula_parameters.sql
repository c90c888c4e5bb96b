-- Grain: company with parameters of its own (none: everybody else), formula, scenario, day something came into force.
{{ config(
    materialized='distributed_table' if env_var('CLICKHOUSE_CLUSTER', '') else 'table',
    engine='MergeTree()',
    sharding_key='cityHash64(company_id)',
    order_by=['formula', 'scenario', 'company_id', 'effective_from'],
) }}

with defaults as (select * from {{ ref('formula_parameters') }}),

overrides as (select * from {{ ref('stg_reference__formula_overrides') }}),

companies as (
    select {{ no_id() }} as company_id
    union distinct
    select company_id from overrides
),

changes as (select distinct formula, effective_from from defaults),

moments as (
    select companies.company_id as company_id, changes.formula as formula, changes.effective_from as effective_from
    from companies
    cross join changes
    union distinct
    select company_id, formula, effective_from from overrides
),

choices as (
    select
        moments.company_id as company_id,
        moments.formula as formula,
        moments.effective_from as effective_from,
        argMaxIf(
            chosen.parameter_set,
            chosen.effective_from,
            chosen.parameter_set != '' and chosen.effective_from <= moments.effective_from
        ) as chosen_set,
        if(chosen_set = '', 'standard', chosen_set) as parameter_set
    from moments
    left join overrides as chosen on moments.company_id = chosen.company_id and moments.formula = chosen.formula
    group by company_id, formula, effective_from
),

-- What the seed says: of the chosen set before the standard one, of the scenario before the base, the newest.
standing as (
    select
        choices.company_id as company_id,
        choices.formula as formula,
        choices.effective_from as effective_from,
        choices.parameter_set as parameter_set,
        scenario,
        defaults.parameter as parameter,
        defaults.effective_from <= choices.effective_from as is_in_force,
        argMaxIf(
            defaults.value,
            tuple(
                defaults.parameter_set = choices.parameter_set,
                defaults.scenario = scenario,
                defaults.effective_from
            ),
            defaults.scenario in ('base', scenario)
        ) as seed_value,
        argMaxIf(
            defaults.value,
            tuple(defaults.parameter_set = choices.parameter_set, defaults.effective_from),
            defaults.scenario = 'base'
        ) as base_value,
        argMax(defaults.formula_version, defaults.effective_from) as formula_version,
        max(defaults.currency) as currency
    from choices
    array join ['low', 'base', 'high'] as scenario
    inner join defaults on choices.formula = defaults.formula
    where is_in_force and defaults.parameter_set in ('standard', choices.parameter_set)
    group by company_id, formula, effective_from, parameter_set, scenario, parameter, is_in_force
),

-- A company's own value replaces the base. Low and high keep their distance in proportion: it is no surer than before.
settled as (
    select
        standing.company_id as company_id,
        standing.formula as formula,
        standing.effective_from as effective_from,
        standing.scenario as scenario,
        standing.parameter as parameter,
        any(standing.parameter_set) as parameter_set,
        any(standing.formula_version) as formula_version,
        any(standing.currency) as currency,
        -- In a tuple, since argMax passes over nulls, and a null has a meaning here.
        argMaxIf(
            tuple(own.value),
            own.effective_from,
            own.parameter != '' and own.effective_from <= standing.effective_from
        ) as newest,
        tupleElement(newest, 1) as own_value,
        multiIf(
            own_value is null, any(standing.seed_value),
            any(standing.base_value) = 0, own_value,
            own_value * any(standing.seed_value) / any(standing.base_value)
        ) as settled_value
    from standing
    left join overrides as own
    on
        standing.company_id = own.company_id
        and standing.formula = own.formula
        and standing.parameter = own.parameter
    group by company_id, formula, effective_from, scenario, parameter
)

select
    company_id,
    formula,
    scenario,
    effective_from,
    any(parameter_set) as parameter_set,
    max(formula_version) as formula_version,
    max(currency) as currency,
    cast(
        arraySort(groupArray(tuple(parameter, assumeNotNull(settled_value)))), 'Map(String, Float64)'
    ) as parameters
from settled
group by company_id, formula, scenario, effective_from
