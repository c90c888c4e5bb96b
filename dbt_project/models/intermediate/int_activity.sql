-- Grain: person, activity that the person took part in.
with sessions as (select * from {{ ref('fct_sessions') }}),

matches as (select * from {{ ref('fct_buddy_matches') }}),

checkins as (select * from {{ ref('fct_buddy_checkins') }}),

buddy_events as (select * from {{ ref('fct_buddy_events') }}),

courses as (select * from {{ ref('fct_course_completions') }}),

volunteering as (select * from {{ ref('fct_volunteering') }}),

-- Enrolling is not yet taking part, and dropping out no longer is.
course_work as (
    select * from {{ ref('fct_learning_progress') }}
    where status in ('in_progress', 'completed')
),

-- Whoever is a buddy in the company's matches or works there helps. What happens elsewhere does not count here: no
-- company's numbers follow from another's events.
helpers as (
    select company_id, buddy_id as person_id from matches
    union distinct
    select company_id, person_id from {{ ref('dim_company_members') }}
),

attendances as (
    select
        attended.company_id as company_id,
        attended.person_id as person_id,
        attended.attended_at as attended_at,
        attended.event_id as event_id,
        attended.person_id != matches.participant_id
        and (attended.company_id, attended.person_id) in (select company_id, person_id from helpers) as is_volunteer
    from {{ ref('fct_buddy_attendances') }} as attended
    left join matches on attended.match_id = matches.match_id and attended.company_id = matches.company_id
),

skill_shares as (
    select
        shared.company_id as company_id,
        shared.completed_at as completed_at,
        shared.event_id as event_id,
        if({{ is_participant_teaching() }}, shared.teacher_id, shared.learner_id) as participant_id,
        if({{ is_participant_teaching() }}, shared.learner_id, shared.teacher_id) as volunteer_id
    from {{ ref('fct_skill_shares') }} as shared
    left join matches on shared.match_id = matches.match_id and shared.company_id = matches.company_id
),

-- Each activity once, with the one or two people in it.
activities as (
    select
        company_id,
        participant_id,
        volunteer_id,
        'session_completed' as activity_type,
        completed_at as occurred_at,
        event_id
    from sessions
    union all
    select company_id, participant_id, buddy_id, 'buddy_matched', matched_at, event_id from matches
    union all
    select company_id, participant_id, buddy_id, 'buddy_checked_in', checked_in_at, event_id from checkins
    union all
    select company_id, participant_id, buddy_id, 'buddy_event_held', held_at, event_id from buddy_events
    union all
    select
        company_id,
        if(is_volunteer, {{ no_id() }}, person_id),
        if(is_volunteer, person_id, {{ no_id() }}),
        'buddy_event_attended',
        attended_at,
        event_id
    from attendances
    union all
    select company_id, participant_id, volunteer_id, 'skill_shared', completed_at, event_id from skill_shares
    union all
    select company_id, participant_id, {{ no_id() }}, 'course_completed', completed_at, event_id from courses
    union all
    select company_id, person_id, {{ no_id() }}, 'course_progressed', updated_at, event_id from course_work
    union all
    select company_id, {{ no_id() }}, person_id, 'volunteering_logged', activity_at, event_id from volunteering
)

select
    company_id,
    who.1 as person_id,
    who.2 as role,
    activity_type,
    occurred_at,
    event_id
from activities
array join [(participant_id, 'participant'), (volunteer_id, 'volunteer')] as who
where person_id != {{ no_id() }}
