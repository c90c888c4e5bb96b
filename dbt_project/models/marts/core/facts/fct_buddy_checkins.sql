-- Grain: check-in of a match.
{{ config(
    unique_key='checkin_id',
    partition_by='toYear(checked_in_at)',
    order_by=['company_id', 'participant_id', 'checked_in_at', 'checkin_id'],
) }}

with checkins as (select * from {{ arrived('stg_buddy__checkins') }}),

matches as (select * from {{ ref('fct_buddy_matches') }})

select
    checkins.checkin_id as checkin_id,
    checkins.subject as subject,
    checkins.match_id as match_id,
    -- Written with the event, unless it came before its match: then the match says who it is about. An event that
    -- knew its participant and has no company belongs to none: the buddy had left the company by then.
    if(
        checkins.participant_id = {{ no_id() }},
        {{ known_or('checkins.company_id', 'matches.company_id') }},
        checkins.company_id
    ) as company_id,
    {{ known_or('checkins.participant_id', 'matches.participant_id') }} as participant_id,
    matches.buddy_id as buddy_id,
    checkins.checked_in_at as checked_in_at,
    checkins.mood as mood,
    checkins.has_notes as has_notes,
    checkins.event_id as event_id,
    greatest(checkins.loaded_at, matches.loaded_at) as loaded_at
from checkins
left join matches on checkins.match_id = matches.match_id
