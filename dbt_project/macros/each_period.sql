{#- A row for the month and a row for the quarter of a time: columns period_key, and period_grain and period_start that
    follow from it. Group by period_key: it is a number, and the name of a grain among the keys costs five times as
    much. -#}
{% macro each_period(time) -%}
    arrayJoin([
        toUInt32(toStartOfMonth({{ time }})) * 2, toUInt32(toStartOfQuarter({{ time }})) * 2 + 1
    ]) as period_key,
    {{ period_of_key() }}
{%- endmacro %}

{% macro period_of_key(key='period_key') -%}
    if({{ key }} % 2 = 0, 'month', 'quarter') as period_grain,
    toDate(intDiv({{ key }}, 2)) as period_start
{%- endmacro %}

{#- The key of a period that is known by its grain and its first day. -#}
{% macro period_key(grain, start) -%}
    (toUInt32({{ start }}) * 2 + ({{ grain }} = 'quarter'))
{%- endmacro %}

{#- The keys of the months and quarters in which sorted days lie, each once. -#}
{% macro periods_of(days) -%}
    arrayConcat(
        arrayMap(start -> toUInt32(start) * 2, {{ months_of(days) }}),
        arrayMap(
            start -> toUInt32(start) * 2 + 1, arrayCompact(arrayMap(day -> toStartOfQuarter(day), {{ days }}))
        )
    )
{%- endmacro %}

{% macro months_of(days) -%}
    arrayCompact(arrayMap(day -> toStartOfMonth(day), {{ days }}))
{%- endmacro %}

{#- For each month and quarter in which sorted days lie: its key, and the place of its last day. -#}
{% macro last_of_periods(days) -%}
    arrayFlatten(arrayMap(
        keys -> arrayFilter(
            one -> one.1 != one.3,
            arrayZip(keys, arrayEnumerate(keys), arrayPushBack(arrayPopFront(keys), toUInt32(0)))
        ),
        [
            arrayMap(day -> toUInt32(toStartOfMonth(day)) * 2, {{ days }}),
            arrayMap(day -> toUInt32(toStartOfQuarter(day)) * 2 + 1, {{ days }})
        ]
    ))
{%- endmacro %}
