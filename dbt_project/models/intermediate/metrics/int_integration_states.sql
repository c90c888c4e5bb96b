-- Grain: company, participant, month in which the person took part or something changed that the integration score
-- stands on. A row holds what was known at the end of its month; it holds on until the person's next row.
{{ config(
    unique_key='person_id',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'person_id', 'month_start'],
    meta={'recomputed': 'people', 'rests_on': ['marts.dim_company_members']},
) }}
{{- reads_when_recomputing(['fct_skill_shares']) }}

with buddy_events as (
    select company_id, participant_id as person_id, buddy_event_id, held_at as occurred_at
    from {{ ref('fct_buddy_events') }}
    {{ of_people('participant_id') }}
    union all
    select company_id, person_id, buddy_event_id, attended_at from {{ ref('fct_buddy_attendances') }}
    {{ of_people('person_id') }}
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
    {{ of_people('participant_id') }}
    union all
    select company_id, person_id, provider, course_id, updated_at, status
    from {{ ref('fct_learning_progress') }}
    {{ of_people('person_id') }}
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
    {{ of_people('participant_id') }}
    union all
    select company_id, person_id, first_at, 'event', 1 from events
    union all
    select company_id, participant_id, checked_in_at, 'checkin', 1 from {{ ref('fct_buddy_checkins') }}
    {{ of_people('participant_id') }}
    union all
    select company_id, person_id, reported_at, 'completed', completed_change from course_steps
    union all
    select company_id, person_id, reported_at, 'in_progress', in_progress_change from course_steps
    union all
    select company_id, person_id, min(placed_at), 'employed', 1
    from {{ ref('fct_placements') }}
    where
        {{ is_employment() }}
        {{ of_people('person_id', 'and') }}
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
        '' as level,
        false as is_active
    from changes
    group by company_id, person_id, month_start
    union all
    select
        company_id, participant_id, toStartOfMonth(completed_at), 0, 0, 0, 0, 0, 0,
        argMax(upper(assumeNotNull(language_level)), tuple(completed_at, session_id)), false
    from {{ ref('fct_sessions') }}
    where
        language_level != ''
        {{ of_people('participant_id', 'and') }}
    group by company_id, participant_id, toStartOfMonth(completed_at)
    union all
    select company_id, person_id, active_month, 0, 0, 0, 0, 0, 0, '', true
    from {{ ref('int_active_people') }}
    array join {{ months_of('days') }} as active_month
    where
        role = 'participant'
        {{ of_people('person_id', 'and') }}
),

by_month as (
    select
        company_id,
        person_id,
        month_start,
        sum(matches) as matches_change,
        sum(events_met) as events_change,
        sum(checkins) as checkins_change,
        sum(completed) as completed_change,
        sum(in_progress) as in_progress_change,
        sum(employed) as employed_change,
        max(level) as newest_level,
        max(is_active) as is_active
    from monthly
    where company_id != {{ no_id() }} and person_id != {{ no_id() }}
    group by company_id, person_id, month_start
),

-- Each person's months; in which order they come is alike for all columns.
people as (
    select
        company_id,
        person_id,
        groupArray(month_start) as months,
        {%- for change in ['matches', 'events', 'checkins', 'completed', 'in_progress', 'employed'] %}
            groupArray({{ change }}_change) as {{ change }}_changes,
        {%- endfor %}
        groupArray(newest_level) as levels,
        groupArray(is_active) as are_active
    from by_month
    group by company_id, person_id
)

-- Sums over sorted arrays: a window over millions of rows costs three times as much.
select
    company_id,
    person_id,
    month_start,
    matches_count,
    events_count,
    checkins_count,
    courses_completed_count,
    courses_in_progress_count,
    (jobs_count > 0)::Bool as is_employed,
    cefr_level,
    is_active::Bool as is_active
from people
array join
    arraySort(months) as month_start,
    arrayCumSum({{ by_month('matches_changes') }}) as matches_count,
    arrayCumSum({{ by_month('events_changes') }}) as events_count,
    arrayCumSum({{ by_month('checkins_changes') }}) as checkins_count,
    arrayCumSum({{ by_month('completed_changes') }}) as courses_completed_count,
    arrayCumSum({{ by_month('in_progress_changes') }}) as courses_in_progress_count,
    arrayCumSum({{ by_month('employed_changes') }}) as jobs_count,
    -- A month without a level keeps the one before.
    arrayFill(level -> level != '', {{ by_month('levels') }}) as cefr_level,
    {{ by_month('are_active') }} as is_active
