-- Grain: booking of a session.
with latest as (
    {{ latest_events('kintell.session.scheduled', [
        'sessionId UUID',
        'externalSessionId String',
        'sessionType LowCardinality(String)',
        'participantId UUID',
        'volunteerId UUID',
        "scheduledAt DateTime64(3, \\'UTC\\')",
        'programId Nullable(UUID)',
    ]) }}
)

select
    data.sessionId as session_id,
    subject,
    data.externalSessionId as external_session_id,
    data.sessionType as session_type,
    company_id,
    data.participantId as participant_id,
    data.volunteerId as volunteer_id,
    data.programId as program_instance_id,
    data.scheduledAt as scheduled_at,
    event_id,
    loaded_at
from latest
