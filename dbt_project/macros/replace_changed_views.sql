{#- dbt-postgres refreshes a materialized view that is there, also when the model's SQL has changed since: the change
    would reach only new installations. So the view's comment keeps a hash of the SQL and indexes it was built from, and
    a view with another hash is replaced, in one transaction. -#}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) %}
    {% if existing_relation is none %}
        {% do return(get_create_materialized_view_as_sql(target_relation, sql)) %}
    {% elif should_full_refresh() or not existing_relation.is_materialized_view or not is_built_from(existing_relation, sql) %}
        {% do return(get_replace_sql(existing_relation, target_relation, sql)) %}
    {% endif %}
    {% do return(refresh_materialized_view(target_relation)) %}
{% endmacro %}

{% macro view_source(sql) %}
    {% do return('Built from ' ~ local_md5(sql ~ tojson(config.get('indexes', []))) ~ '.') %}
{% endmacro %}

{% macro is_built_from(relation, sql) %}
    {% set found = run_query("select obj_description('" ~ relation ~ "'::regclass, 'pg_class')") %}
    {% do return(view_source(sql) in (found.rows[0][0] or '')) %}
{% endmacro %}

{% macro postgres__alter_relation_comment(relation, comment) %}
    {% set kind = 'materialized view' if relation.type == 'materialized_view' else relation.type %}
    {% set comment = comment ~ ('\n' ~ view_source(sql) if relation.type == 'materialized_view' else '') %}
    comment on {{ kind }} {{ relation }} is {{ postgres_escape_comment(comment) }};
{% endmacro %}
