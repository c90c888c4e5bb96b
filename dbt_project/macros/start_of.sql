{#- First day of the day, week (from Monday), month or quarter in which a day lies. -#}
{% macro start_of(granularity, day) -%}
    {%- if granularity == 'day' -%} {{ day }}
    {%- elif granularity == 'week' -%} toStartOfWeek({{ day }}, 1)
    {%- else -%} toStartOf{{ granularity | capitalize }}({{ day }})
    {%- endif -%}
{%- endmacro %}
