-- Grain: entry of volunteering hours at its source.
{{ config(
    unique_key='subject',
    partition_by='toYear(activity_at)',
    order_by=['company_id', 'person_id', 'activity_at', 'subject'],
) }}

select
    source_system,
    source_id,
    subject,
    company_id,
    person_id,
    activity_type,
    hours,
    activity_at,
    cause_area,
    sdg_goals,
    is_verified,
    event_id,
    loaded_at
from {{ arrived('stg_ingest__volunteering') }}
