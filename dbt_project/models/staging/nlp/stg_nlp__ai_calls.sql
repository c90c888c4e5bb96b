-- Grain: call of a model.
with latest as (
    {{ latest_events('ai.call.recorded', [
        'callId UUID',
        'modelVersion LowCardinality(String)',
        'purpose LowCardinality(String)',
        'inputTokens UInt64',
        'outputTokens UInt64',
        'costUSD Float64',
        "calledAt DateTime64(3, \\'UTC\\')",
    ]) }}
)

select
    data.callId as call_id,
    subject,
    company_id,
    data.modelVersion as model_version,
    data.purpose as purpose,
    data.inputTokens as input_tokens,
    data.outputTokens as output_tokens,
    data.costUSD as cost_usd,
    data.calledAt as called_at,
    event_id,
    loaded_at
from latest
