-- Grain: placement of one person.
{{ config(
    unique_key='subject',
    partition_by='toYear(placed_at)',
    order_by=['company_id', 'person_id', 'placed_at', 'subject'],
) }}

select
    source_system,
    source_id,
    subject,
    company_id,
    person_id,
    placement_type,
    status,
    placed_at,
    is_successful,
    rating,
    event_id,
    loaded_at
from {{ arrived('stg_ingest__placements') }}
