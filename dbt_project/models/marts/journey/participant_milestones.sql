-- Grain: company, person, milestone.
{{ config(order_by=['company_id', 'person_id', 'milestone']) }}

with latest as (
    {{ latest_events(['orchestration.milestone.reached', 'orchestration.journey.milestone.reached'], [
        'milestone LowCardinality(String)',
        'previousMilestone LowCardinality(String)',
        'ruleId LowCardinality(String)',
        "reachedAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    company_id,
    person_id,
    data.milestone as milestone,
    data.reachedAt as reached_at,
    nullIf(data.previousMilestone, '') as previous_milestone,
    nullIf(data.ruleId, '') as rule_id,
    event_id,
    loaded_at
from latest
