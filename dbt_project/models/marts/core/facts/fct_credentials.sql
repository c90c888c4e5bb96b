-- Grain: certificate, badge, diploma or transcript.
{{ config(
    unique_key='credential_id',
    partition_by='toYear(issued_at)',
    order_by=['company_id', 'person_id', 'issued_at', 'credential_id'],
) }}

select
    credential_id,
    subject,
    company_id,
    person_id,
    provider,
    course_id,
    credential_type,
    issued_at,
    expires_at,
    event_id,
    loaded_at
from {{ arrived('stg_upskilling__credentials') }}
