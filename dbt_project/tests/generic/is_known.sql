{#- The id names something: it is not the nil UUID, which stands for "none" in the warehouse. -#}
{% test is_known(model, column_name) %}
select {{ column_name }} from {{ model }} where {{ column_name }} = toUUID('00000000-0000-0000-0000-000000000000')
{% endtest %}
