{#- A row for the month and a row for the quarter of a time: columns period_grain and period_start. -#}
{% macro each_period(time) -%}
    arrayJoin(['month', 'quarter']) as period_grain,
    if(period_grain = 'month', toStartOfMonth({{ time }}), toStartOfQuarter({{ time }})) as period_start
{%- endmacro %}
