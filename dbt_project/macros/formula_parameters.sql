{#- Parameters of one formula by the company they hold for and the day they came into force: the right side of an
    `asof join` on `parameters.company_id = {{ parameters_key('…') }} and parameters.effective_from <= period_end`. -#}
{% macro parameters_in_force(formula, scenarios=['base']) -%}
    (
        select company_id, scenario, effective_from, parameter_set, formula_version, currency, parameters
        from {{ ref('int_formula_parameters') }}
        where formula = '{{ formula }}' and scenario in ('{{ scenarios | join("', '") }}')
    )
{%- endmacro %}

{#- Whose parameters hold for a company: its own where it has set any, else the common ones, kept under no id. -#}
{% macro parameters_key(company_id) -%}
    if(
        {{ company_id }} in (select company_id from {{ ref('stg_reference__formula_overrides') }}),
        {{ company_id }},
        {{ no_id() }}
    )
{%- endmacro %}

{#- Sum of a column as whole billionths: a sum of floats would depend on the order in which threads meet. -#}
{% macro exact_sum(value) -%}
    sum(toInt64(round(assumeNotNull({{ value }}) * 1e9))) / 1e9
{%- endmacro %}

{% macro exact_sum_if(value, condition) -%}
    sumIf(toInt64(round(coalesce({{ value }}, 0) * 1e9)), {{ condition }}) / 1e9
{%- endmacro %}

{#- Parameters by name as a tuple: a map would be searched for each of them in each row of millions. -#}
{% macro named_parameters(map, names) -%}
    cast(
        tuple({% for name in names %}{{ map }}['{{ name }}']{{ ', ' if not loop.last }}{% endfor %}),
        'Tuple({% for name in names %}{{ name }} Float64{{ ', ' if not loop.last }}{% endfor %})'
    )
{%- endmacro %}
