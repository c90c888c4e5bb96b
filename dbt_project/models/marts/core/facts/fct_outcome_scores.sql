-- Grain: text, outcome dimension.
{{ config(
    unique_key='subject',
    partition_by='toYear(counted_at)',
    order_by=['company_id', 'person_id', 'counted_at', 'subject'],
    meta={'gone': 'is_of_a_withdrawn_text', 'since': 'counted_at'},
) }}
{{- reads_when_recomputing(['stg_nlp__readable_texts']) }}

select
    text_id,
    dimension,
    subject,
    company_id,
    person_id,
    text_type,
    score,
    confidence,
    method,
    model_version,
    prompt_version,
    language,
    text_sha256,
    scored_at,
    coalesce(written_at, scored_at) as counted_at,
    event_id,
    loaded_at
from {{ arrived('stg_nlp__outcome_scores') }}
