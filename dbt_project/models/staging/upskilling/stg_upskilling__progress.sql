-- Grain: one person's way through one course, moment the platform reported on it.
-- A later report is a new state and no correction of the earlier one: what was so in March stays so.
with latest as (
    {{ latest_events('upskilling.progress.updated', [
        'progressId UUID',
        'userId UUID',
        'provider LowCardinality(String)',
        'courseId String',
        'status LowCardinality(String)',
        'progressPercent Float64',
        "updatedAt DateTime64(3, \\'UTC\\')",
    ], each='event_time') }}
)

select
    data.progressId as progress_id,
    subject,
    company_id,
    data.userId as person_id,
    data.provider as provider,
    data.courseId as course_id,
    data.status as status,
    data.progressPercent as progress_percent,
    data.updatedAt as updated_at,
    event_id,
    loaded_at
from latest
