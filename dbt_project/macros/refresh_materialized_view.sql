{#- dbt-postgres refreshes with a lock that keeps readers out. Concurrently they keep reading the old rows meanwhile;
    the price is the unique index that every model in models/serving declares. -#}
{% macro postgres__refresh_materialized_view(relation) %}
    refresh materialized view concurrently {{ relation }}
{% endmacro %}
