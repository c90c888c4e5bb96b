{#- The engine of a table, replicated where there is a cluster (CLICKHOUSE_CLUSTER): the one place that knows.

    The adapter calls this macro for every table it creates. Without arguments a replicated engine takes its path and
    replica name from the server's default_replica_path and default_replica_name, so models say neither. -#}
{% macro engine_clause() %}
  engine = {{ replicated(config.get('engine', default='MergeTree()')) }}
{%- endmacro %}

{% macro replicated(engine) -%}
    {%- if is_clustered() and 'MergeTree' in engine and not engine.startswith('Replicated') -%}
        Replicated
    {%- endif -%}
    {{ engine }}
{%- endmacro %}

{% macro is_clustered() -%}
    {{ return(env_var('CLICKHOUSE_CLUSTER', '') != '') }}
{%- endmacro %}

{#- For statements of our own; models get theirs from the adapter. -#}
{% macro on_cluster() -%}
    {%- if is_clustered() %} on cluster "{{ env_var('CLICKHOUSE_CLUSTER') }}"{% endif -%}
{%- endmacro %}
