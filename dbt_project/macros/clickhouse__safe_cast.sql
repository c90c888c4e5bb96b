{#- The adapter's own, and maps besides: ClickHouse casts no text to a map, but to an array of pairs, and that to a map.
    So a unit test writes a map as [('key', 1), ('other', 2)]. The text 'null' stands for a column a test leaves out. -#}
{% macro clickhouse__safe_cast(field, dtype) %}
    {%- if field == 'null' -%}
        CAST(defaultValueOfTypeName('{{ dtype | replace("'", "\\'") }}') AS {{ dtype }})
    {%- elif dtype.startswith('Map(') -%}
        CAST(CAST({{ field }} AS Array(Tuple({{ dtype[4:-1] }}))) AS {{ dtype }})
    {%- else -%}
        CAST({{ field }} AS {{ dtype }})
    {%- endif -%}
{% endmacro %}
