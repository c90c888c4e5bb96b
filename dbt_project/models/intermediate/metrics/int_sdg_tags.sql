-- Grain: company, month, kind of activity, what it is about, Sustainable Development Goal it serves.
-- Goals the source names count alone. Without any, the kind of activity and words in what it is about decide.
{%- set facts = [
    ('session_completed', 'fct_sessions', 'completed_at', none,
        "concat(session_type, ' ', arrayStringConcat(topics, ' '))"),
    ('buddy_matched', 'fct_buddy_matches', 'matched_at', none, "''"),
    ('buddy_match_ended', 'fct_buddy_matches', 'ended_at', none, "''"),
    ('buddy_event_attended', 'fct_buddy_attendances', 'attended_at', 'sdg_goals', 'event_type'),
    ('skill_shared', 'fct_skill_shares', 'completed_at', 'sdg_goals',
        "concat(skill_name, ' ', coalesce(skill_category, ''))"),
    ('buddy_feedback_given', 'fct_buddy_feedback', 'submitted_at', none, "''"),
    ('buddy_milestone_reached', 'fct_buddy_milestones', 'reached_at', none, 'category'),
    ('buddy_checked_in', 'fct_buddy_checkins', 'checked_in_at', none, "''"),
    ('course_completed', 'fct_course_completions', 'completed_at', none, 'course_name'),
    ('volunteering_logged', 'fct_volunteering', 'activity_at', 'sdg_goals', "coalesce(cause_area, '')"),
] %}
-- Counted first: words are looked for in what activities are about, which is the same for thousands of them.
with activities as (
    {% for activity_type, fact, moment, goals, about in facts %}
        select
            company_id,
            toStartOfMonth(assumeNotNull({{ moment }})) as month_start,
            '{{ activity_type }}' as activity_type,
            {{ goals or 'emptyArrayUInt8()' }} as named_goals,
            {{ about }}::String as about,
            count() as activities_count
        from {{ ref(fact) }}
        where {{ moment }} is not null
        group by company_id, month_start, named_goals, about
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
    activities.month_start as month_start,
    activities.activity_type as activity_type,
    activities.about as about,
    activities.activities_count as activities_count,
    arrayJoin(
        arrayDistinct(if(
            notEmpty(activities.named_goals),
            activities.named_goals,
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
