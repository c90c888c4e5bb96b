{#- The period as people write it: 2026-09 or 2026-Q3. -#}
{% macro period_label(grain, start) -%}
    if(
        {{ grain }} = 'month',
        formatDateTime({{ start }}, '%Y-%m'),
        concat(toString(toYear({{ start }})), '-Q', toString(toQuarter({{ start }})))
    )
{%- endmacro %}

{% macro months_in(grain) -%} if({{ grain }} = 'month', 1, 3) {%- endmacro %}

{#- Last day of the period. -#}
{% macro period_end(grain, start) -%}
    toLastDayOfMonth(addMonths({{ start }}, if({{ grain }} = 'month', 0, 2)))
{%- endmacro %}
