{#- This moment is not before that one, where both are known. -#}
{% test not_before(model, column_name, earlier) %}
select {{ earlier }}, {{ column_name }} from {{ model }} where {{ column_name }} < {{ earlier }}
{% endtest %}
