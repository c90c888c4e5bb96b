{#- Present value of what people earn more, year by year, once they work. A loop over whole years rather than the
    closed form, which fails at a discount rate of 0. -#}
{% macro employment_value(people, p) -%}
    arraySum(
        year -> {{ people }} * {{ p }}['annual_lift'] * {{ p }}['multiplier'] / pow(1 + {{ p }}['discount_rate'], year),
        range(1, toUInt64({{ p }}['horizon_years']) + 1)
    )
{%- endmacro %}

{#- Value of one outcome: how far the average lies above the baseline, for the people it was measured on. An outcome
    that was not measured is worth nothing here; what was measured on few is not taken to hold for all. -#}
{% macro outcome_value(average, people, value, baseline) -%}
    {{ people }} * {{ value }} * greatest(coalesce({{ average }}, 0) - {{ baseline }}, 0)
{%- endmacro %}

{#- Numbers by name as JSON, keys in the order given: list them sorted. Unknown numbers are null. -#}
{% macro inputs_json(numbers) -%}
    concat(
        '{'
        {%- for name, value in numbers.items() -%}
            , '{{ ", " if not loop.first }}"{{ name }}": ', coalesce(toString({{ value }}), 'null')
        {%- endfor -%}
        , '}'
    )
{%- endmacro %}
