-- Grain: company.
{{ config(order_by=['company_id']) }}

select
    company_id,
    name,
    industry,
    country,
    employee_size,
    time_zone
from {{ ref('stg_reference__companies') }}
