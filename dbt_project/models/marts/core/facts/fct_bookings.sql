-- Grain: booking of a session.
{{ config(
    unique_key='subject',
    partition_by='toYear(scheduled_at)',
    order_by=['company_id', 'participant_id', 'scheduled_at', 'subject'],
) }}

select
    session_id,
    subject,
    external_session_id,
    session_type,
    company_id,
    participant_id,
    volunteer_id,
    program_instance_id,
    scheduled_at,
    event_id,
    loaded_at
from {{ arrived('stg_kintell__bookings') }}
