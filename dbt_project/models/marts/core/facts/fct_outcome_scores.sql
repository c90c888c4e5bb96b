-- Grain: text, outcome dimension.
{{ config(
    unique_key='subject',
    partition_by='toYYYYMM(counted_at)',
    order_by=['company_id', 'person_id', 'counted_at', 'subject'],
) }}

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
from {{ ref('stg_nlp__outcome_scores') }}
{% if is_incremental() %}
    where subject in ({{ new_subjects(['q2q.scored', 'q2q.analyzed']) }})
{% endif %}
