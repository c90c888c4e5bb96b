{% macro exact_mean(value) -%}
    ({{ exact_sum(value) }} / count())
{%- endmacro %}
