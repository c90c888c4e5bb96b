-- Grain: round of a programme.
select
    program_instance_id,
    coalesce(company_id, {{ no_id() }}) as company_id,
    program_type,
    program_name,
    program_slug,
    start_date as starts_on,
    end_date as ends_on,
    status
from {{ source('raw', 'program_instances') }}
