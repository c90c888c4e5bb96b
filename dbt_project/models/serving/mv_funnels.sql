-- Grain: company, programme, quarter of enrolment, stage.
{{ config(
    indexes=[{'columns': ['company_id', 'program_type', 'cohort_quarter', 'stage_order'], 'unique': true}],
) }}

select
    company_id,
    program_type,
    to_char(cohort_quarter, 'YYYY-"Q"Q') as cohort_quarter,
    stage,
    stage_order,
    people_count,
    conversion_from_start,
    conversion_from_previous,
    is_suppressed,
    suppressed_reason
from {{ source('serving', 'funnels') }}
