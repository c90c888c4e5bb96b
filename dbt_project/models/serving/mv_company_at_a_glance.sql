-- Grain: company, period grain (month or quarter), period.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period'], 'unique': true}],
) }}

select
    company_id,
    period_grain,
    period,
    period_start,
    period_end,
    volunteers_count as total_volunteers,
    volunteer_hours as total_hours,
    sessions_count as total_sessions,
    participants_count as active_participants,
    data_version
from {{ source('serving', 'metrics_company_period') }}
