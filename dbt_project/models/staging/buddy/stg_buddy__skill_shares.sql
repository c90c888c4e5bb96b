-- Grain: session in which one person taught another a skill.
with latest as (
    {{ latest_events('buddy.skill_share.completed', [
        'sessionId UUID',
        'matchId UUID',
        'teacherId UUID',
        'learnerId UUID',
        'skillName String',
        'skillCategory LowCardinality(Nullable(String))',
        "completedAt DateTime64(3, \\'UTC\\')",
        'durationMinutes Nullable(UInt32)',
        'sdgGoals Array(UInt8)',
    ]) }}
)

select
    data.sessionId as session_id,
    subject,
    data.matchId as match_id,
    company_id,
    data.teacherId as teacher_id,
    data.learnerId as learner_id,
    data.skillName as skill_name,
    data.skillCategory as skill_category,
    data.completedAt as completed_at,
    data.durationMinutes as duration_minutes,
    data.sdgGoals as sdg_goals,
    event_id,
    loaded_at
from latest
