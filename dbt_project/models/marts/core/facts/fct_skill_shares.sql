-- Grain: session in which one person taught another a skill.
{{ config(
    unique_key='session_id',
    partition_by='toYear(completed_at)',
    order_by=['company_id', 'learner_id', 'completed_at', 'session_id'],
) }}

select
    session_id,
    subject,
    match_id,
    company_id,
    teacher_id,
    learner_id,
    skill_name,
    skill_category,
    completed_at,
    duration_minutes,
    sdg_goals,
    event_id,
    loaded_at
from {{ arrived('stg_buddy__skill_shares') }}
