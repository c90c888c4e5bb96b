-- Grain: event of the programme, person who came to it.
with latest as (
    {{ latest_events('buddy.event.attended', [
        'eventId UUID',
        'userId UUID',
        'matchId UUID',
        'eventType LowCardinality(String)',
        'eventFormat LowCardinality(String)',
        "attendedAt DateTime64(3, \\'UTC\\')",
        'durationMinutes Nullable(UInt32)',
        'sdgGoals Array(UInt8)',
    ]) }}
)

select
    data.eventId as buddy_event_id,
    subject,
    data.matchId as match_id,
    company_id,
    data.userId as person_id,
    data.eventType as event_type,
    data.eventFormat as event_format,
    data.attendedAt as attended_at,
    data.durationMinutes as duration_minutes,
    data.sdgGoals as sdg_goals,
    event_id,
    loaded_at
from latest
