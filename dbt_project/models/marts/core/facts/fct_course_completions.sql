-- Grain: course that one person completed.
{{ config(
    unique_key='progress_id',
    partition_by='toYear(completed_at)',
    order_by=['company_id', 'participant_id', 'completed_at', 'progress_id'],
) }}

select
    progress_id,
    subject,
    company_id,
    participant_id,
    provider,
    course_id,
    course_name,
    program_instance_id,
    completed_at,
    final_score,
    event_id,
    loaded_at
from {{ arrived('stg_upskilling__course_completions') }}
