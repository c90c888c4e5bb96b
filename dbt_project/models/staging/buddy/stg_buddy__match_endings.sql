-- Grain: match that has ended.
with latest as (
    {{ latest_events('buddy.match.ended', [
        'matchId UUID',
        "endedAt DateTime64(3, \\'UTC\\')",
        'reason LowCardinality(String)',
    ]) }}
)

select
    data.matchId as match_id,
    subject,
    data.endedAt as ended_at,
    data.reason as end_reason,
    event_id,
    loaded_at
from latest
