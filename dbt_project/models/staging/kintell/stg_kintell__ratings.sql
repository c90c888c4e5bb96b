-- Grain: rating of a session by one side.
with latest as (
    {{ latest_events('kintell.rating.created', [
        'ratingId UUID',
        'sessionId UUID',
        'fromRole LowCardinality(String)',
        'rating Nullable(Float64)',
        'ratingRaw Nullable(Float64)',
        'feedbackText String',
        "createdAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    data.ratingId as rating_id,
    subject,
    data.sessionId as session_id,
    data.fromRole as from_role,
    company_id,
    person_id,
    data.rating as rating,
    data.ratingRaw as rating_raw,
    -- The words stay in raw.events: the warehouse counts that there were some.
    (data.feedbackText != '')::Bool as has_feedback,
    data.createdAt as created_at,
    event_id,
    loaded_at
from latest
