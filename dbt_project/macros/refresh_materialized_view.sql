{#- dbt-postgres refreshes with a lock that keeps readers out. Concurrently they keep reading the old rows meanwhile;
    the price is the unique index that every model in models/serving declares.
    The platform's publication has refreshed all views by the time it runs dbt, and says so: nothing is done twice. -#}
{% macro postgres__refresh_materialized_view(relation) %}
    {% if env_var('DBT_VIEWS_ARE_FRESH', '') %}
        select 'refreshed by the publication'
    {% else %}
        refresh materialized view concurrently {{ relation }}
    {% endif %}
{% endmacro %}
