-- Grain: company, formula, day from which it holds, parameter (none: the choice of a set).
select
    company_id,
    formula,
    coalesce(parameter_set, '') as parameter_set,
    coalesce(parameter, '') as parameter,
    value,
    toDate(effective_from) as effective_from
from {{ source('raw', 'formula_overrides') }}
