{#- Schemas are named exactly as configured, so that a table has one name in every environment.
    DBT_SCHEMA_PREFIX puts a second set of them beside the first, sources included (tests, a trial of a change). -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ env_var('DBT_SCHEMA_PREFIX', '') }}{{ custom_schema_name or target.schema }}
{%- endmacro %}
