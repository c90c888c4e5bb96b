-- Grain: event of the programme, person who came to it.
{{ config(
    unique_key='subject',
    partition_by='toYear(attended_at)',
    order_by=['company_id', 'person_id', 'attended_at', 'subject'],
) }}

select
    buddy_event_id,
    subject,
    match_id,
    company_id,
    person_id,
    event_type,
    event_format,
    attended_at,
    duration_minutes,
    sdg_goals,
    event_id,
    loaded_at
from {{ arrived('stg_buddy__attendances') }}
