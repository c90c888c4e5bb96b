{#- The grain holds: no two rows share these columns.

    sampled_by: a column of which a large warehouse looks at a share of the values, all rows of each: as many as a
    hundred thousand events have. Where there are fewer, every row is looked at. -#}
{% test one_row_per(model, columns, sampled_by=none) %}
select {{ columns | join(', ') }}, count(*) as row_count from {{ model }}
{% if sampled_by %}
where cityHash64({{ sampled_by }}) % greatest((select intDiv(count(), 100000) from {{ source('raw', 'events') }}), 1) = 0
{% endif %}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
