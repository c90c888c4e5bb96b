-- Grain: one person's way through one course, moment the platform reported on it.
{{ config(
    unique_key='subject',
    partition_by='toYear(updated_at)',
    order_by=['company_id', 'person_id', 'updated_at', 'subject'],
) }}

select
    progress_id,
    subject,
    company_id,
    person_id,
    provider,
    course_id,
    status,
    progress_percent,
    updated_at,
    (updated_at = max(updated_at) over (partition by subject))::Bool as is_latest,
    event_id,
    loaded_at
from {{ arrived('stg_upskilling__progress') }}
