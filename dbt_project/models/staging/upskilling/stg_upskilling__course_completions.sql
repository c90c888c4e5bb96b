-- Grain: course that one person completed.
with latest as (
    {{ latest_events('upskilling.course.completed', [
        'progressId UUID',
        'userId UUID',
        'provider LowCardinality(String)',
        'courseId String',
        'courseName String',
        "completedAt DateTime64(3, \\'UTC\\')",
        'finalScore Nullable(Float64)',
        'programId Nullable(UUID)',
    ]) }}
)

select
    data.progressId as progress_id,
    subject,
    company_id,
    data.userId as participant_id,
    data.provider as provider,
    data.courseId as course_id,
    data.courseName as course_name,
    data.programId as program_instance_id,
    data.completedAt as completed_at,
    data.finalScore as final_score,
    event_id,
    loaded_at
from latest
