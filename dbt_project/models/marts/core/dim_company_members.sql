-- Grain: company, person, day the membership began.
{{ config(order_by=['company_id', 'person_id', 'joined_on']) }}

select
    company_id,
    person_id,
    joined_on,
    left_on,
    is_primary
from {{ ref('stg_reference__company_members') }}
