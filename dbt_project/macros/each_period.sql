{#- A row for the month and a row for the quarter of a time: columns period_grain and period_start. -#}
{% macro each_period(time) -%}
    arrayJoin(['month', 'quarter']) as period_grain,
    if(period_grain = 'month', toStartOfMonth({{ time }}), toStartOfQuarter({{ time }})) as period_start
{%- endmacro %}

{#- The months and quarters in which sorted days lie, each once, as (grain, start). -#}
{% macro periods_of(days) -%}
    arrayConcat(
        arrayMap(start -> ('month', start), {{ months_of(days) }}),
        arrayMap(start -> ('quarter', start), arrayCompact(arrayMap(day -> toStartOfQuarter(day), {{ days }})))
    )
{%- endmacro %}

{% macro months_of(days) -%}
    arrayCompact(arrayMap(day -> toStartOfMonth(day), {{ days }}))
{%- endmacro %}
