-- Grain: company, period grain, period, data point. One column of values, so that a report maps rows, not columns.
{{ config(
    indexes=[{'columns': ['company_id', 'period_grain', 'period', 'datapoint'], 'unique': true}],
) }}

with inputs_and_reach as (
    select
        metrics.company_id,
        metrics.period_grain,
        metrics.period,
        points.datapoint,
        points.disclosure,
        points.title,
        points.unit,
        points.amount,
        case
            when points.datapoint = 'integration_score' then metrics.integration_suppressed_reason
        end as missing_reason
    from {{ source('serving', 'metrics_company_period') }} as metrics
    cross join lateral (
        values
        ('participants', 'S3-4', 'Newcomers with any activity', 'people', metrics.participants_count::float8),
        ('volunteers', 'S3-4', 'Volunteers with any activity', 'people', metrics.volunteers_count::float8),
        ('sessions', 'S3-4', 'Completed sessions', 'sessions', metrics.sessions_count::float8),
        ('session_hours', 'S3-4', 'Hours of completed sessions', 'hours', metrics.volunteer_hours),
        ('volunteering_hours', 'S3-4', 'Volunteering hours logged in CSR suites', 'hours', metrics.volunteering_hours),
        ('donations', 'S3-4', 'Donations, at the day''s rate', 'USD', metrics.donations_usd),
        ('enrolments', 'S3-4', 'Enrolments that began', 'enrolments', metrics.enrollments_count::float8),
        ('courses_completed', 'S3-4', 'Courses completed', 'courses', metrics.courses_completed_count::float8),
        ('placements', 'S3-4', 'Placements in work', 'placements', metrics.placements_count::float8),
        ('integration_score', 'S3-5', 'Mean integration score', 'points of 100', metrics.avg_integration_score)
    ) as points (datapoint, disclosure, title, unit, amount)
),

outcomes as (
    select
        company_id,
        period_grain,
        period,
        'outcome_' || dimension as datapoint,
        'S3-5' as disclosure,
        'Mean score of feedback: ' || replace(dimension, '_', ' ') as title,
        'score from 0 to 1' as unit,
        avg_score as amount,
        suppressed_reason as missing_reason
    from {{ source('serving', 'outcome_dimensions_period') }}
),

returns as (
    select
        company_id,
        period_grain,
        period,
        'sroi_' || variant as datapoint,
        'S3-5' as disclosure,
        'Social return on investment, ' || replace(variant, '_', ' ') || ', version ' || formula_version as title,
        unit,
        ratio as amount,
        missing_reason
    from {{ source('serving', 'sroi_company_period') }}
    where scenario = 'base'
),

volunteer_impact as (
    select
        company_id,
        period_grain,
        period,
        'vis' as datapoint,
        'S3-5' as disclosure,
        'Volunteer impact score, version ' || formula_version as title,
        'points of 100' as unit,
        vis as amount,
        missing_reason
    from {{ source('serving', 'vis_company_period') }}
),

goals as (
    select
        company_id,
        period_grain,
        period,
        'sdg_' || lpad(sdg_goal::text, 2, '0') as datapoint,
        'S3-4' as disclosure,
        'Activities towards Sustainable Development Goal ' || sdg_goal as title,
        'activities' as unit,
        activities_count::float8 as amount,
        null::text as missing_reason
    from {{ source('serving', 'sdg_tags_period') }}
)

select * from inputs_and_reach
union all
select * from outcomes
union all
select * from returns
union all
select * from volunteer_impact
union all
select * from goals
