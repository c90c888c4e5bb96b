{#- What an incremental fact reads: its staging model's SQL over the events that have arrived and all that belongs to
    them, instead of over all events. Built from nothing, a fact reads the staging model itself.

    The SQL is the staging model's own, rendered with int_arrived_events in the place of raw.events: written once. -#}
{% macro arrived(staging) -%}
    {%- if execute and not is_incremental() -%}
        {{ ref(staging) }}
    {%- elif not execute -%}
        {{ ref(staging) }} {{ ref('int_arrived_events') }}
    {%- else -%}
        (
            {{ render(graph.nodes['model.' ~ project_name ~ '.' ~ staging].raw_code)
                | replace(source('raw', 'events') | string, ref('int_arrived_events') | string) }}
        )
    {%- endif -%}
{%- endmacro %}

{#- Facts whose rows follow from others besides their own event, and the column they name the others by. -#}
{% macro rows_that_follow() -%}
    {{ return({
        'fct_buddy_matches': 'match_id', 'fct_buddy_checkins': 'match_id', 'fct_buddy_events': 'match_id',
        'fct_buddy_feedback': 'match_id', 'fct_ratings': 'session_id',
    }) }}
{%- endmacro %}
