-- Grain: round of a programme.
{{ config(order_by=['program_instance_id'], sharding_key='cityHash64(program_instance_id)') }}

select
    program_instance_id,
    company_id,
    program_type,
    program_name,
    program_slug,
    starts_on,
    ends_on,
    status
from {{ ref('stg_reference__program_instances') }}
