{#- First day of the day, week (from Monday), month or quarter in which a day lies. -#}
{% macro start_of(granularity, day) -%}
    multiIf(
        {{ granularity }} = 'day', {{ day }},
        {{ granularity }} = 'week', toStartOfWeek({{ day }}, 1),
        {{ granularity }} = 'month', toStartOfMonth({{ day }}),
        toStartOfQuarter({{ day }})
    )
{%- endmacro %}

{% macro granularities() -%} ['day', 'week', 'month', 'quarter'] {%- endmacro %}
