-- Grain: check-in of a match.
with latest as (
    {{ latest_events('buddy.checkin.completed', [
        'checkinId UUID',
        'matchId UUID',
        "checkinDate DateTime64(3, \\'UTC\\')",
        'mood LowCardinality(Nullable(String))',
        'notes String',
    ]) }}
)

select
    data.checkinId as checkin_id,
    subject,
    data.matchId as match_id,
    company_id,
    person_id as participant_id,
    data.checkinDate as checked_in_at,
    data.mood as mood,
    (data.notes != '')::Bool as has_notes,
    event_id,
    loaded_at
from latest
