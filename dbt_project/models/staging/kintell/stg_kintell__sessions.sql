-- Grain: completed session.
with latest as (
    {{ latest_events('kintell.session.completed', [
        'sessionId UUID',
        'externalSessionId String',
        'sessionType LowCardinality(String)',
        'participantId UUID',
        'volunteerId UUID',
        "scheduledAt DateTime64(3, \\'UTC\\')",
        "completedAt DateTime64(3, \\'UTC\\')",
        'durationMinutes UInt32',
        'topics Array(String)',
        'languageLevel LowCardinality(Nullable(String))',
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
    data.completedAt as completed_at,
    data.durationMinutes as duration_minutes,
    data.topics as topics,
    data.languageLevel as language_level,
    event_id,
    loaded_at
from latest
