-- Grain: completed session.
{{ config(
    unique_key='session_id',
    partition_by='toYear(completed_at)',
    order_by=['company_id', 'participant_id', 'completed_at', 'session_id'],
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
    completed_at,
    duration_minutes,
    topics,
    language_level,
    event_id,
    loaded_at
from {{ arrived('stg_kintell__sessions') }}
