{#- Rows of this fact whose match has changed since the fact was built. -#}
{% macro subjects_of_changed_matches() -%}
    select subject from {{ this }}
    where match_id in (
        select match_id from {{ ref('fct_buddy_matches') }}
        where loaded_at > {{ arrived_until() }}
    )
{%- endmacro %}
