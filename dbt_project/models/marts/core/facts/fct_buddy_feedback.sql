-- Grain: feedback on a match by one side.
{{ config(
    unique_key='feedback_id',
    partition_by='toYear(submitted_at)',
    order_by=['company_id', 'participant_id', 'submitted_at', 'feedback_id'],
) }}

with feedback as (select * from {{ arrived('stg_buddy__feedback') }}),

matches as (select * from {{ ref('fct_buddy_matches') }})

select
    feedback.feedback_id as feedback_id,
    feedback.subject as subject,
    feedback.match_id as match_id,
    -- Written with the event, unless it came before its match: then the match says who it is about. An event that
    -- knew its participant and has no company belongs to none: the buddy had left the company by then.
    if(
        feedback.participant_id = {{ no_id() }},
        {{ known_or('feedback.company_id', 'matches.company_id') }},
        feedback.company_id
    ) as company_id,
    {{ known_or('feedback.participant_id', 'matches.participant_id') }} as participant_id,
    matches.buddy_id as buddy_id,
    feedback.submitted_at as submitted_at,
    feedback.from_role as from_role,
    feedback.rating as rating,
    feedback.has_feedback as has_feedback,
    feedback.event_id as event_id,
    greatest(feedback.loaded_at, matches.loaded_at) as loaded_at
from feedback
left join matches on feedback.match_id = matches.match_id
