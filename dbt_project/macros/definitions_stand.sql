{#- Whether every definition is the one of the last complete build (orchestration/standing.py says so to a refresh):
    what dbt would ask the engine of contracts and schemas then, for each model anew, it was told by that build. -#}
{% macro definitions_stand() -%}
    {{ return(env_var('DBT_DEFINITIONS_STAND', '') != '') }}
{%- endmacro %}

{% macro get_assert_columns_equivalent(sql) -%}
    {%- if not definitions_stand() -%} {{ dbt.get_assert_columns_equivalent(sql) }} {%- endif -%}
{%- endmacro %}

{#- A table whose SQL has changed is built from nothing. -#}
{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
    {{ return('ignore' if definitions_stand() else dbt.incremental_validate_on_schema_change(on_schema_change, default)) }}
{% endmacro %}

{#- A table that is added to keeps its comments. -#}
{% macro persist_docs(relation, model, for_relation=true, for_columns=true) -%}
    {%- if not is_incremental() -%}
        {{ return(dbt.persist_docs(relation, model, for_relation, for_columns)) }}
    {%- endif -%}
{%- endmacro %}
