-- Grain: activity, Sustainable Development Goal it serves.
-- Goals the source names count alone. Without any, the kind of activity and words in what it is about decide.
with activities as (
    select
        company_id, event_id, completed_at as occurred_at, 'session_completed' as activity_type,
        emptyArrayUInt8() as sdg_goals, concat(session_type, ' ', arrayStringConcat(topics, ' ')) as about
    from {{ ref('fct_sessions') }}
    union all
    select company_id, event_id, matched_at, 'buddy_matched', [], '' from {{ ref('fct_buddy_matches') }}
    union all
    select company_id, event_id, assumeNotNull(ended_at), 'buddy_match_ended', [], ''
    from {{ ref('fct_buddy_matches') }}
    where ended_at is not null
    union all
    select company_id, event_id, attended_at, 'buddy_event_attended', sdg_goals, event_type
    from {{ ref('fct_buddy_attendances') }}
    union all
    select
        company_id, event_id, completed_at, 'skill_shared', sdg_goals,
        concat(skill_name, ' ', coalesce(skill_category, ''))
    from {{ ref('fct_skill_shares') }}
    union all
    select company_id, event_id, submitted_at, 'buddy_feedback_given', [], '' from {{ ref('fct_buddy_feedback') }}
    union all
    select company_id, event_id, reached_at, 'buddy_milestone_reached', [], category
    from {{ ref('fct_buddy_milestones') }}
    union all
    select company_id, event_id, checked_in_at, 'buddy_checked_in', [], '' from {{ ref('fct_buddy_checkins') }}
    union all
    select company_id, event_id, completed_at, 'course_completed', [], course_name
    from {{ ref('fct_course_completions') }}
    union all
    select company_id, event_id, activity_at, 'volunteering_logged', sdg_goals, coalesce(cause_area, '')
    from {{ ref('fct_volunteering') }}
),

by_type as (
    select activity_type, groupUniqArray(sdg_goal) as goals from {{ ref('sdg_activities') }}
    group by activity_type
),

keywords as (
    select groupArray(tuple(keyword, sdg_goal)) as keywords from {{ ref('sdg_keywords') }}
)

select
    activities.company_id as company_id,
    activities.event_id as event_id,
    activities.activity_type as activity_type,
    activities.occurred_at as occurred_at,
    arrayJoin(
        arrayDistinct(if(
            notEmpty(activities.sdg_goals),
            activities.sdg_goals,
            arrayConcat(
                by_type.goals,
                -- At the start of a word, so that "unhealthy" is no health and "jobs" are a job.
                arrayMap(
                    word -> word.2,
                    arrayFilter(
                        word -> match(lower(activities.about), concat('\\b', word.1)),
                        (select keywords from keywords)
                    )
                )
            )
        ))
    ) as sdg_goal
from activities
left join by_type on activities.activity_type = by_type.activity_type
