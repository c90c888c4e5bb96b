-- Grain: something a match did together.
{{ config(
    unique_key='buddy_event_id',
    partition_by='toYear(held_at)',
    order_by=['company_id', 'participant_id', 'held_at', 'buddy_event_id'],
) }}

with events as (select * from {{ arrived('stg_buddy__events') }}),

matches as (select * from {{ ref('fct_buddy_matches') }})

select
    events.buddy_event_id as buddy_event_id,
    events.subject as subject,
    events.match_id as match_id,
    -- Written with the event, unless it came before its match: then the match says who it is about. An event that
    -- knew its participant and has no company belongs to none: the buddy had left the company by then.
    if(
        events.participant_id = {{ no_id() }},
        {{ known_or('events.company_id', 'matches.company_id') }},
        events.company_id
    ) as company_id,
    {{ known_or('events.participant_id', 'matches.participant_id') }} as participant_id,
    matches.buddy_id as buddy_id,
    events.held_at as held_at,
    events.buddy_event_type as buddy_event_type,
    events.event_id as event_id,
    greatest(events.loaded_at, matches.loaded_at) as loaded_at
from events
left join matches on events.match_id = matches.match_id
