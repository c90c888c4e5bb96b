-- Grain: company, programme, month of enrolment, months since.
{{ config(
    indexes=[{'columns': ['company_id', 'program_type', 'cohort_month', 'months_since'], 'unique': true}],
) }}

select
    company_id,
    program_type,
    cohort_month,
    months_since,
    cohort_size,
    active_count,
    active_share,
    is_suppressed,
    suppressed_reason
from {{ source('serving', 'cohort_retention') }}
