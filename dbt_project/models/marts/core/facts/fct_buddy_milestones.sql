-- Grain: milestone, person who reached it.
{{ config(
    unique_key='subject',
    partition_by='toYear(reached_at)',
    order_by=['company_id', 'person_id', 'reached_at', 'subject'],
) }}

select
    milestone_id,
    subject,
    company_id,
    person_id,
    category,
    points,
    reached_at,
    event_id,
    loaded_at
from {{ arrived('stg_buddy__milestones') }}
