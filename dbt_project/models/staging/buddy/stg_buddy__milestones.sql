-- Grain: milestone, person who reached it.
with latest as (
    {{ latest_events('buddy.milestone.reached', [
        'milestoneId Int64',
        'userId UUID',
        'milestoneCategory LowCardinality(String)',
        'points Float64',
        "reachedAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    data.milestoneId as milestone_id,
    subject,
    company_id,
    data.userId as person_id,
    data.milestoneCategory as category,
    data.points as points,
    data.reachedAt as reached_at,
    event_id,
    loaded_at
from latest
