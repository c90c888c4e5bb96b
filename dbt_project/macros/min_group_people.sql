{#- Fewest people whose numbers may stand together: of fewer, one could guess whose they are. Not a variable, so that
    neither a caller nor a deployment can lower it. -#}
{% macro min_group_people() -%} 5 {%- endmacro %}

{% macro too_few_people() -%} 'fewer_than_{{ min_group_people() | trim }}_people' {%- endmacro %}

{#- So few, though not none, that subtracting what is published from a whole would show what they did or said. -#}
{% macro is_recognisable(people) -%}
    ({{ people }} between 1 and {{ min_group_people() }} - 1)
{%- endmacro %}

{#- Whether an average of so many people is withheld. Of a quarter's months all are shown or none: one alone would follow
    from the quarter and the others. `by` are further columns that tell averages apart. -#}
{% macro is_of_too_few(people, by=[]) -%}
    coalesce(
        min(nullIf({{ people }}, 0)) over (
            partition by {{ (['company_id', 'period_grain'] + by) | join(', ') }}, toStartOfQuarter(period_start)
        ) < {{ min_group_people() }},
        false
    )
{%- endmacro %}
