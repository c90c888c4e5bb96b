-- Grain: donation at its source.
{{ config(
    unique_key='subject',
    partition_by='toYear(donated_at)',
    order_by=['company_id', 'person_id', 'donated_at', 'subject'],
) }}

select
    source_system,
    source_id,
    subject,
    company_id,
    person_id,
    donation_type,
    amount,
    currency,
    amount_usd,
    match_amount,
    donated_at,
    event_id,
    loaded_at
from {{ arrived('stg_ingest__donations') }}
