{#- The metrics of one tile as an array of (metric, unit, numerator, denominator); no denominator means a plain count.
    Numbers are given as SQL: {name: [unit, numerator, denominator or none]}. -#}
{% macro tile_metrics(metrics) -%}
    [
        {% for name, metric in metrics.items() %}
            (
                '{{ name }}', '{{ metric[0] }}', toFloat64({{ metric[1] }}),
                {% if metric[2] is none %}null{% else %}toNullable(toFloat64({{ metric[2] }})){% endif %}
            ){{ ',' if not loop.last }}
        {% endfor %}
    ]::Array(Tuple(String, String, Float64, Nullable(Float64)))
{%- endmacro %}
