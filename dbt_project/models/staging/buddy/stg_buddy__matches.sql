-- Grain: match of a participant with a buddy.
with latest as (
    {{ latest_events('buddy.match.created', [
        'matchId UUID',
        'participantId UUID',
        'buddyId UUID',
        "matchedAt DateTime64(3, \\'UTC\\')",
        'programId Nullable(UUID)',
    ]) }}
)

select
    data.matchId as match_id,
    subject,
    company_id,
    data.participantId as participant_id,
    data.buddyId as buddy_id,
    data.programId as program_instance_id,
    data.matchedAt as matched_at,
    event_id,
    loaded_at
from latest
