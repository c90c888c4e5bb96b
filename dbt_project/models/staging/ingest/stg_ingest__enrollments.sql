-- Grain: enrolment of one person in one round of a programme.
with latest as (
    {{ latest_events('ingest.enrollment.created', [
        'userId UUID',
        'programType LowCardinality(String)',
        'programId Nullable(UUID)',
        "enrollmentDate DateTime64(3, \\'UTC\\')",
        'status LowCardinality(String)',
        "completedAt Nullable(DateTime64(3, \\'UTC\\'))",
    ]) }}
)

select
    subject,
    company_id,
    data.userId as participant_id,
    data.programType as program_type,
    data.programId as program_instance_id,
    data.enrollmentDate as enrolled_at,
    data.status as status,
    data.completedAt as completed_at,
    event_id,
    loaded_at
from latest
