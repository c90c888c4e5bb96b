-- Grain: company, participant, month in which something changed that the integration score stands on.
-- A row holds what was known at the end of its month; it holds on until the person's next row.
with buddy_events as (
    select company_id, participant_id as person_id, buddy_event_id, held_at as occurred_at
    from {{ ref('fct_buddy_events') }}
    union all
    select company_id, person_id, buddy_event_id, attended_at from {{ ref('fct_buddy_attendances') }}
),

-- Both facts report the same event: it counts once.
events as (
    select company_id, person_id, min(occurred_at) as first_at
    from buddy_events
    group by company_id, person_id, buddy_event_id
),

course_reports as (
    select
        company_id,
        participant_id as person_id,
        provider,
        course_id,
        completed_at as reported_at,
        'completed' as status
    from {{ ref('fct_course_completions') }}
    union all
    select company_id, person_id, provider, course_id, updated_at, status
    from {{ ref('fct_learning_progress') }}
),

until_done as (
    select
        *,
        minIf(toNullable(reported_at), status = 'completed') over (
            partition by company_id, person_id, provider, course_id
        ) as done_at
    from course_reports
),

-- What each report changed. Nothing follows a completion; of reports of one moment, a completion is the last.
course_steps as (
    select
        company_id,
        person_id,
        reported_at,
        (status = 'completed') - (status_before = 'completed') as completed_change,
        (status = 'in_progress') - (status_before = 'in_progress') as in_progress_change,
        lagInFrame(status) over one_course as status_before
    from until_done
    where done_at is null or reported_at <= done_at
    window one_course as (
        partition by company_id, person_id, provider, course_id
        order by reported_at, status = 'completed', status
        rows between unbounded preceding and current row
    )
),

changes as (
    select company_id, participant_id as person_id, matched_at as changed_at, 'match' as kind, 1 as amount
    from {{ ref('fct_buddy_matches') }}
    union all
    select company_id, person_id, first_at, 'event', 1 from events
    union all
    select company_id, participant_id, checked_in_at, 'checkin', 1 from {{ ref('fct_buddy_checkins') }}
    union all
    select company_id, person_id, reported_at, 'completed', completed_change from course_steps
    union all
    select company_id, person_id, reported_at, 'in_progress', in_progress_change from course_steps
    union all
    select company_id, person_id, min(placed_at), 'employed', 1
    from {{ ref('fct_placements') }}
    where {{ is_employment() }}
    group by company_id, person_id
),

-- Levels of one month: the one of the latest session; of two that ended together, the one whose id sorts last.
monthly as (
    select
        company_id,
        person_id,
        toStartOfMonth(changed_at) as month_start,
        sumIf(amount, kind = 'match') as matches,
        sumIf(amount, kind = 'event') as events_met,
        sumIf(amount, kind = 'checkin') as checkins,
        sumIf(amount, kind = 'completed') as completed,
        sumIf(amount, kind = 'in_progress') as in_progress,
        sumIf(amount, kind = 'employed') as employed,
        '' as level
    from changes
    group by company_id, person_id, month_start
    union all
    select
        company_id, participant_id, toStartOfMonth(completed_at), 0, 0, 0, 0, 0, 0,
        argMax(upper(assumeNotNull(language_level)), tuple(completed_at, session_id))
    from {{ ref('fct_sessions') }}
    where language_level != ''
    group by company_id, participant_id, toStartOfMonth(completed_at)
)

select
    company_id,
    person_id,
    month_start,
    sum(sum(matches)) over running as matches_count,
    sum(sum(events_met)) over running as events_count,
    sum(sum(checkins)) over running as checkins_count,
    sum(sum(completed)) over running as courses_completed_count,
    sum(sum(in_progress)) over running as courses_in_progress_count,
    (sum(sum(employed)) over running > 0)::Bool as is_employed,
    argMax(max(level), if(max(level) = '', toDate(0), month_start)) over running as cefr_level
from monthly
where company_id != {{ no_id() }} and person_id != {{ no_id() }}
group by company_id, person_id, month_start
window running as (
    partition by company_id, person_id order by month_start rows between unbounded preceding and current row
)
