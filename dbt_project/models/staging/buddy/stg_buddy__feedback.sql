-- Grain: feedback on a match by one side.
with latest as (
    {{ latest_events('buddy.feedback.submitted', [
        'feedbackId UUID',
        'matchId UUID',
        'fromRole LowCardinality(String)',
        'rating Nullable(Float64)',
        'feedbackText String',
        "submittedAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    data.feedbackId as feedback_id,
    subject,
    data.matchId as match_id,
    data.fromRole as from_role,
    company_id,
    person_id as participant_id,
    data.rating as rating,
    (data.feedbackText != '')::Bool as has_feedback,
    data.submittedAt as submitted_at,
    event_id,
    loaded_at
from latest
