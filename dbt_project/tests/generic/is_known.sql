{#- The id names something: it is not the nil UUID, which stands for "none" in the warehouse. With `or_else`, one of the
    two columns does: what two people did stays for the one when the other was erased, in whose place stands nobody. -#}
{% test is_known(model, column_name, or_else=column_name) %}
select {{ column_name }}
from {{ model }}
where
    {{ column_name }} = toUUID('00000000-0000-0000-0000-000000000000')
    and {{ or_else }} = toUUID('00000000-0000-0000-0000-000000000000')
{% endtest %}
