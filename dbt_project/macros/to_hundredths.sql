{#- Two decimals, halves away from zero as on paper. From whole billionths, since a float that stands for 8.215 may lie
    below it, and would be rounded down on one machine and up on another. -#}
{% macro to_hundredths(number) -%}
    sign({{ number }}) * intDiv(abs(toInt64(round(({{ number }}) * 1e9))) + 5000000, 10000000) / 100
{%- endmacro %}
