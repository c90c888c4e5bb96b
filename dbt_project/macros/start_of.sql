{% macro granularities() -%} ['day', 'week', 'month', 'quarter'] {%- endmacro %}

{#- Where each granularity stands in the list above. -#}
{% macro granularity_places() -%} [1, 2, 3, 4] {%- endmacro %}

{#- First days of the day, week (from Monday), month and quarter in which a day lies. -#}
{% macro starts_of(day) -%}
    [{{ day }}, toStartOfWeek({{ day }}, 1), toStartOfMonth({{ day }}), toStartOfQuarter({{ day }})]
{%- endmacro %}
