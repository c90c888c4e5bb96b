-- Grain: company, day it opted in.
select
    company_id,
    consent_scope,
    opted_in_on,
    opted_out_on
from {{ source('raw', 'benchmark_opt_ins') }}
