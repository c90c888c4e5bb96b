-- Grain: match of a participant with a buddy.
{{ config(
    unique_key='match_id',
    partition_by='toYear(matched_at)',
    order_by=['company_id', 'participant_id', 'matched_at', 'match_id'],
) }}

with matches as (select * from {{ arrived('stg_buddy__matches') }}),

-- The end is known by its match alone; an end whose match has not arrived yet waits there.
endings as (
    select match_id, toNullable(ended_at) as ended_at, toNullable(end_reason) as end_reason, loaded_at
    from {{ ref('int_buddy_match_endings') }}
)

select
    matches.match_id as match_id,
    matches.subject as subject,
    matches.company_id as company_id,
    matches.participant_id as participant_id,
    matches.buddy_id as buddy_id,
    matches.program_instance_id as program_instance_id,
    matches.matched_at as matched_at,
    endings.ended_at as ended_at,
    endings.end_reason as end_reason,
    matches.event_id as event_id,
    greatest(matches.loaded_at, endings.loaded_at) as loaded_at
from matches
left join endings on matches.match_id = endings.match_id
