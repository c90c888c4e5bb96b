{#- The mean of numbers, added up as whole billionths: a sum of floats would depend on the order in which threads meet. -#}
{% macro exact_sum(value) -%}
    (sum(toInt64(round(({{ value }}) * 1e9))) / 1e9)
{%- endmacro %}

{% macro exact_mean(value) -%}
    ({{ exact_sum(value) }} / count())
{%- endmacro %}
