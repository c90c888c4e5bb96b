-- Grain: enrolment of one person in one round of a programme.
{{ config(
    unique_key='subject',
    partition_by='toYear(enrolled_at)',
    order_by=['company_id', 'participant_id', 'enrolled_at', 'subject'],
) }}

select
    subject,
    company_id,
    participant_id,
    program_type,
    program_instance_id,
    enrolled_at,
    status,
    completed_at,
    event_id,
    loaded_at
from {{ arrived('stg_ingest__enrollments') }}
