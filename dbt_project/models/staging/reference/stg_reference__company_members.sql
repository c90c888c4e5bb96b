-- Grain: company, person, day the membership began.
select
    company_id,
    person_id,
    joined_on,
    left_on,
    is_primary
from {{ source('raw', 'company_members') }}
