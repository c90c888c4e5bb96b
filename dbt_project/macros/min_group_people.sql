{#- Fewest people whose numbers may stand together: of fewer, one could guess whose they are. Not a variable, so that
    neither a caller nor a deployment can lower it. -#}
{% macro min_group_people() -%} 5 {%- endmacro %}

{% macro too_few_people() -%} 'fewer_than_{{ min_group_people() | trim }}_people' {%- endmacro %}

{#- So few, though not none, that subtracting what is published from a whole would show what they did or said. -#}
{% macro is_recognisable(people) -%}
    ({{ people }} between 1 and {{ min_group_people() }} - 1)
{%- endmacro %}
