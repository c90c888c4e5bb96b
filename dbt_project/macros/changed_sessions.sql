{#- Ratings to look at again: the new ones, and the others of every session that gained, lost or corrected a rating
    or was corrected itself, since which rating of a session counts depends on all of them. -#}
{% macro subjects_of_changed_sessions() -%}
    {{ new_subjects(['kintell.rating.created']) }}
    union distinct
    select subject from {{ this }}
    where session_id in (
        select session_id from {{ ref('stg_kintell__ratings') }}
        where subject in ({{ new_subjects(['kintell.rating.created']) }})
        union distinct
        select session_id from {{ this }}
        where subject in ({{ new_subjects(['kintell.rating.created']) }})
        union distinct
        select session_id from {{ ref('fct_sessions') }}
        where loaded_at > {{ arrived_until() }}
    )
{%- endmacro %}
