-- Grain: call of a model.
{{ config(
    unique_key='subject',
    partition_by='toYear(called_at)',
    order_by=['company_id', 'called_at', 'subject'],
) }}

select
    call_id,
    subject,
    company_id,
    model_version,
    purpose,
    input_tokens,
    output_tokens,
    cost_usd,
    called_at,
    event_id,
    loaded_at
from {{ arrived('stg_nlp__ai_calls') }}
