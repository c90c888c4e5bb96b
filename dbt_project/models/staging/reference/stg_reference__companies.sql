-- Grain: company.
select
    company_id,
    name,
    industry,
    country,
    employee_size,
    time_zone
from {{ source('raw', 'companies') }}
