-- Grain: something a match did together.
with latest as (
    {{ latest_events('buddy.event.logged', [
        'eventId UUID',
        'matchId UUID',
        'eventType LowCardinality(String)',
        "eventDate DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    data.eventId as buddy_event_id,
    subject,
    data.matchId as match_id,
    company_id,
    person_id as participant_id,
    data.eventType as buddy_event_type,
    data.eventDate as held_at,
    event_id,
    loaded_at
from latest
