{#- An id, or a second source for it where the first is the nil UUID, which stands for "none" in the warehouse. -#}
{% macro known_or(id, otherwise) -%}
    if({{ id }} = {{ no_id() }}, {{ otherwise }}, {{ id }})
{%- endmacro %}

{% macro no_id() -%} toUUID('00000000-0000-0000-0000-000000000000') {%- endmacro %}
