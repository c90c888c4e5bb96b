-- Grain: volunteer, piece of the programme's work that the volunteer did.
with matches as (select * from {{ ref('fct_buddy_matches') }}),

shared as (select * from {{ ref('fct_skill_shares') }}),

attended as (select * from {{ ref('fct_buddy_attendances') }}),

-- Buddies and members of the same company, so that no company's hours depend on another's matches.
helpers as (
    select company_id, buddy_id as person_id from matches
    union distinct
    select company_id, person_id from {{ ref('dim_company_members') }}
),

work as (
    select
        company_id,
        volunteer_id,
        participant_id,
        'session' as work_type,
        completed_at as occurred_at,
        toNullable(duration_minutes) as minutes,
        event_id,
        'kintell.session.completed' as event_type
    from {{ ref('fct_sessions') }}
    union all
    select
        shared.company_id,
        if({{ is_participant_teaching() }}, shared.learner_id, shared.teacher_id),
        if({{ is_participant_teaching() }}, shared.teacher_id, shared.learner_id),
        'skill_share',
        shared.completed_at,
        shared.duration_minutes,
        shared.event_id,
        'buddy.skill_share.completed'
    from shared
    left join matches on shared.match_id = matches.match_id and shared.company_id = matches.company_id
    union all
    select
        attended.company_id,
        attended.person_id,
        if(attended.person_id = matches.buddy_id, matches.participant_id, {{ no_id() }}),
        'event',
        attended.attended_at,
        attended.duration_minutes,
        attended.event_id,
        'buddy.event.attended'
    from attended
    left join matches on attended.match_id = matches.match_id and attended.company_id = matches.company_id
    where
        (attended.company_id, attended.person_id) in (select company_id, person_id from helpers)
        and attended.person_id != matches.participant_id
)

select
    company_id,
    volunteer_id,
    participant_id,
    work_type,
    occurred_at,
    coalesce(minutes, 0) as minutes,
    event_id,
    event_type
from work
where company_id != {{ no_id() }}
