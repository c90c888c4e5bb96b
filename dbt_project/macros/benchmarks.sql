{#- What keeps a benchmark from telling about one company. Constants, not variables: neither a caller nor a deployment
    can lower them. Five companies and ten people are left when whoever looks leaves out its own. -#}
{% macro min_benchmark_companies() -%} 6 {%- endmacro %}

{% macro too_few_companies() -%} 'fewer_than_{{ min_benchmark_companies() | trim }}_companies' {%- endmacro %}

{% macro min_benchmark_people() -%} 10 {%- endmacro %}

{#- Days after a quarter's end until it is published, for what arrives late. -#}
{% macro settling_days() -%} 15 {%- endmacro %}

{#- The day a publication is of. -#}
{% macro benchmarks_as_of() -%}
    {%- if var('benchmarks_as_of', none) -%} toDate('{{ var('benchmarks_as_of') }}')
    {%- else -%} toDate(now('UTC')) {%- endif -%}
{%- endmacro %}

{#- A quantile that no company decides: the mean of the quarter of the companies around it, of four at least. -#}
{% macro shared_quantile(share, sorted_values) -%}
    arrayAvg(arraySlice(
        {{ sorted_values }},
        1 + least(
            toInt64(floor(greatest({{ share }} * (length({{ sorted_values }}) - 1) - (width - 1) / 2 + 0.5, 0))),
            greatest(toInt64(length({{ sorted_values }})) - width, 0)
        ),
        width
    ))
{%- endmacro %}

{#- On a grid of two digits of which the second is 0 or 5: 0.68 becomes 0.7, 14.6 becomes 15, 312 becomes 300. -#}
{% macro on_the_grid(value) -%}
    {#- Nought has no first digit; what is smaller than a billionth is nought. -#}
    round(2 * {{ value }}, toInt16(-floor(log10(greatest(abs({{ value }}), 1e-9))))) / 2
{%- endmacro %}

{#- People, rounded down to 1, 2 or 5 with noughts: a difference of two groups says nothing of a company's size. -#}
{% macro about_so_many(people) -%}
    toUInt64(arrayMax(arrayFilter(step -> step <= {{ people }}, arrayFlatten(arrayMap(
        power -> [1, 2, 5] * intExp10(power), range(10)
    )))))
{%- endmacro %}
