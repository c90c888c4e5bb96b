-- Grain: company, period grain (month or quarter), period. Periods are in UTC.
{{ config(order_by=['company_id', 'period_grain', 'period_start']) }}

with people as (
    select
        company_id,
        {{ period_of_key() }},
        countIf(role = 'participant') as participants_count,
        countIf(role = 'volunteer') as volunteers_count
    from {{ ref('int_active_people') }}
    array join {{ periods_of('days') }} as period_key
    group by company_id, period_key
),

sessions as (
    select
        company_id,
        {{ each_period('completed_at') }},
        count() as sessions_count,
        countIf(session_type = 'language') as language_sessions_count,
        countIf(session_type = 'mentorship') as mentorship_sessions_count,
        sum(duration_minutes) as volunteer_minutes
    from {{ ref('fct_sessions') }}
    group by company_id, period_key
),

ratings as (
    select
        company_id,
        {{ each_period('created_at') }},
        count() as ratings_count,
        {{ exact_sum('rating') }} as rating_total,
        uniqExact(participant_id) as raters_count
    from {{ ref('fct_ratings') }}
    where is_counted
    group by company_id, period_key
),

enrollments as (
    select company_id, {{ each_period('enrolled_at') }}, count() as enrollments_count
    from {{ ref('fct_enrollments') }}
    group by company_id, period_key
),

buddy_matches as (
    select company_id, {{ each_period('matched_at') }}, count() as buddy_matches_count
    from {{ ref('fct_buddy_matches') }}
    group by company_id, period_key
),

courses as (
    select company_id, {{ each_period('completed_at') }}, count() as courses_completed_count
    from {{ ref('fct_course_completions') }}
    group by company_id, period_key
),

volunteering as (
    select
        company_id,
        {{ each_period('activity_at') }},
        {{ exact_sum('hours') }} as volunteering_hours
    from {{ ref('fct_volunteering') }}
    group by company_id, period_key
),

donations as (
    select
        company_id,
        {{ each_period('donated_at') }},
        count() as donations_count,
        {{ exact_sum_if('usd', 'usd is not null') }} as donations_usd,
        countIf(usd is null) as donations_without_usd_count,
        uniqExact(person_id) as donors_count
    from (
        select *, if(currency = 'USD', coalesce(amount_usd, amount), amount_usd) as usd from {{ ref('fct_donations') }}
    )
    group by company_id, period_key
),

placements as (
    select company_id, {{ each_period('placed_at') }}, count() as placements_count
    from {{ ref('fct_placements') }}
    group by company_id, period_key
),

integration as (
    select
        company_id,
        {{ period_of_key() }},
        count(score) as integration_scores_count,
        {{ exact_sum_if('score', 'score is not null') }} as score_total,
        {{ exact_sum_if('language_part', 'language_part is not null') }} as level_total
    from (
        select company_id, score, language_part, {{ period_key('period_grain', 'period_start') }} as period_key
        from {{ ref('integration_scores') }}
    )
    group by company_id, period_key
),

job_readiness as (
    select company_id, period_grain, period_start, score_sum, scores_count, suppressed_reason
    from {{ ref('outcome_dimensions_period') }}
    where dimension = 'job_readiness'
),

sroi as (
    select
        company_id,
        period_grain,
        period_start,
        maxIf(ratio, variant = 'employment_npv') as sroi_ratio,
        maxIf(ratio, variant = 'outcome_value') as sroi_outcome_ratio
    from {{ ref('sroi_company_period') }}
    where scenario = 'base'
    group by company_id, period_grain, period_start
),

vis as (select company_id, period_grain, period_start, vis as vis_score from {{ ref('vis_company_period') }}),

-- What people said of sessions and how far they have come is shown as an average of five people at least.
judged_ratings as (
    select *, {{ is_of_too_few('raters_count') }} as is_withheld from ratings
),

judged_integration as (
    select *, {{ is_of_too_few('integration_scores_count') }} as is_withheld from integration
),

-- Every period in which a company has something to count.
periods as (
    {% for part in [
        'people', 'sessions', 'ratings', 'enrollments', 'buddy_matches', 'courses', 'volunteering', 'donations',
        'placements', 'job_readiness',
    ] %}
        select company_id, period_grain, period_start from {{ part }}
        {{ 'union distinct' if not loop.last }}
    {% endfor %}
)

-- An unmatched left join yields 0 in ClickHouse, which is what a count should be.
select
    periods.company_id as company_id,
    periods.period_grain as period_grain,
    {{ period_label('periods.period_grain', 'periods.period_start') }} as period,
    periods.period_start as period_start,
    {{ period_end('periods.period_grain', 'periods.period_start') }} as period_end,
    people.participants_count as participants_count,
    people.volunteers_count as volunteers_count,
    sessions.sessions_count as sessions_count,
    sessions.language_sessions_count as language_sessions_count,
    sessions.mentorship_sessions_count as mentorship_sessions_count,
    sessions.volunteer_minutes / 60 as volunteer_hours,
    ratings.ratings_count as ratings_count,
    if(ratings.is_withheld, null, ratings.rating_total) as rating_sum,
    if(ratings.ratings_count = 0, null, rating_sum / ratings.ratings_count) as avg_rating,
    enrollments.enrollments_count as enrollments_count,
    buddy_matches.buddy_matches_count as buddy_matches_count,
    courses.courses_completed_count as courses_completed_count,
    if(integration.is_withheld, null, integration.score_total) as integration_score_sum,
    integration.integration_scores_count as integration_scores_count,
    if(integration_scores_count = 0, null, integration_score_sum / integration_scores_count) as avg_integration_score,
    if(integration.is_withheld, null, integration.level_total) as language_level_sum,
    if(integration_scores_count = 0, null, language_level_sum / integration_scores_count) as avg_language_level,
    if(job_readiness_count = 0, 0, job_readiness.score_sum) as job_readiness_sum,
    job_readiness.scores_count as job_readiness_count,
    if(job_readiness_count = 0, null, job_readiness_sum / job_readiness_count) as avg_job_readiness,
    sroi.sroi_ratio as sroi_ratio,
    sroi.sroi_outcome_ratio as sroi_outcome_ratio,
    vis.vis_score as vis_score,
    volunteering.volunteering_hours as volunteering_hours,
    donations.donations_usd as donations_usd,
    donations.donations_count as donations_count,
    donations.donations_without_usd_count as donations_without_usd_count,
    donations.donors_count as donors_count,
    placements.placements_count as placements_count,
    if(ratings.is_withheld, {{ too_few_people() }}, null) as rating_suppressed_reason,
    if(integration.is_withheld, {{ too_few_people() }}, null) as integration_suppressed_reason,
    job_readiness.suppressed_reason as job_readiness_suppressed_reason
from periods
left join people using (company_id, period_grain, period_start)
left join sessions using (company_id, period_grain, period_start)
left join judged_ratings as ratings using (company_id, period_grain, period_start)
left join enrollments using (company_id, period_grain, period_start)
left join buddy_matches using (company_id, period_grain, period_start)
left join courses using (company_id, period_grain, period_start)
left join volunteering using (company_id, period_grain, period_start)
left join donations using (company_id, period_grain, period_start)
left join placements using (company_id, period_grain, period_start)
left join judged_integration as integration using (company_id, period_grain, period_start)
left join job_readiness using (company_id, period_grain, period_start)
left join sroi using (company_id, period_grain, period_start)
left join vis using (company_id, period_grain, period_start)
where periods.company_id != {{ no_id() }}
