-- Grain: company, person, flag.
{{ config(order_by=['company_id', 'person_id', 'flag']) }}

with latest as (
    {{ latest_events('orchestration.flag.updated', [
        'flag LowCardinality(String)',
        'value String',
        'ruleId LowCardinality(String)',
        "evaluatedAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    company_id,
    person_id,
    data.flag as flag,
    -- A rule may give its flag another value than true; cleared, it is false.
    (data.value != 'false')::Bool as is_set,
    data.value as value,
    data.ruleId as rule_id,
    data.evaluatedAt as changed_at,
    event_id,
    loaded_at
from latest
