-- Grain: person, activity that the person took part in.
with sessions as (select * from {{ ref('fct_sessions') }}),

matches as (select * from {{ ref('fct_buddy_matches') }}),

checkins as (select * from {{ ref('fct_buddy_checkins') }}),

buddy_events as (select * from {{ ref('fct_buddy_events') }}),

courses as (select * from {{ ref('fct_course_completions') }}),

-- Each activity once, with the one or two people in it.
activities as (
    select company_id, participant_id, volunteer_id, 'session_completed' as activity_type, completed_at as occurred_at
    from sessions
    union all
    select company_id, participant_id, buddy_id, 'buddy_matched', matched_at from matches
    union all
    select company_id, participant_id, buddy_id, 'buddy_checked_in', checked_in_at from checkins
    union all
    select company_id, participant_id, buddy_id, 'buddy_event_held', held_at from buddy_events
    union all
    select company_id, participant_id, {{ no_id() }}, 'course_completed', completed_at from courses
)

select
    company_id,
    who.1 as person_id,
    who.2 as role,
    activity_type,
    occurred_at
from activities
array join [(participant_id, 'participant'), (volunteer_id, 'volunteer')] as who
where person_id != {{ no_id() }}
