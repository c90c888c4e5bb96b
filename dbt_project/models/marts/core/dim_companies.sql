-- Grain: company.
{{ config(order_by=['company_id']) }}

with companies as (select * from {{ ref('stg_reference__companies') }}),

regions as (select * from {{ ref('country_regions') }})

select
    companies.company_id as company_id,
    companies.name as name,
    companies.industry as industry,
    companies.country as country,
    regions.region as region,
    companies.employee_size as employee_size,
    companies.time_zone as time_zone
from companies
-- A company of no country, or of one that is not listed, gets an empty region.
left join regions on companies.country = regions.country
