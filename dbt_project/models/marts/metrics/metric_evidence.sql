-- Grain: company, metric, event behind it, person. Names are the columns of metrics_company_period, the outcome
-- dimensions as outcome.<dimension>, and the tiles' metrics as <tile>.<metric>.
{{ config(materialized='view') }}

{% set integration = "'avg_integration_score', 'integration_scores_count', 'sroi_outcome_ratio', 'vis_score'" %}
{% set hours = "'sroi_ratio', 'sroi_outcome_ratio', 'vis_score'" %}

with evidence as (
    -- Whoever was active, in the role in which they count.
    select
        company_id,
        person_id,
        occurred_at,
        event_id,
        transform(
            activity_type,
            [
                'session_completed', 'buddy_matched', 'buddy_checked_in', 'buddy_event_held', 'buddy_event_attended',
                'skill_shared', 'course_completed', 'course_progressed', 'volunteering_logged'
            ],
            [
                'kintell.session.completed', 'buddy.match.created', 'buddy.checkin.completed', 'buddy.event.logged',
                'buddy.event.attended', 'buddy.skill_share.completed', 'upskilling.course.completed',
                'upskilling.progress.updated', 'ingest.volunteer.logged'
            ],
            activity_type
        ) as event_type,
        [if(role = 'participant', 'participants_count', 'volunteers_count')] as metrics
    from {{ ref('int_activity') }}
    union all
    select
        company_id,
        participant_id,
        completed_at,
        event_id,
        'kintell.session.completed',
        arrayConcat(
            ['sessions_count', concat(session_type, '_sessions_count'), 'volunteer_hours'],
            if(language_level != '', [{{ integration }}, 'avg_language_level'], []),
            if(
                session_type = 'language',
                [
                    'language.participants', 'language.completed_sessions', 'language.volunteer_hours',
                    'language.sessions_per_week', 'language.active_share', 'language.retained_share',
                    'language.full_course_share'
                ],
                [
                    'mentorship.completed_sessions', 'mentorship.mentees', 'mentorship.mentors',
                    'mentorship.sessions_per_mentee', 'mentorship.repeat_mentee_share', 'mentorship.attended',
                    'mentorship.attendance_share', 'mentorship.no_show_share'
                ]
            )
        )
    from {{ ref('fct_sessions') }}
    union all
    select company_id, volunteer_id, occurred_at, event_id, event_type, [{{ hours }}]
    from {{ ref('int_volunteer_time') }}
    where minutes > 0
    union all
    select
        company_id, participant_id, scheduled_at, event_id, 'kintell.session.scheduled',
        [
            'mentorship.bookings', 'mentorship.attended', 'mentorship.attendance_share', 'mentorship.no_show_share'
        ]
    from {{ ref('fct_bookings') }}
    where session_type = 'mentorship'
    union all
    select
        company_id, participant_id, created_at, event_id, 'kintell.rating.created',
        ['ratings_count', 'rating_sum', 'avg_rating']
    from {{ ref('fct_ratings') }}
    where is_counted
    union all
    select
        enrolled.company_id,
        enrolled.participant_id,
        enrolled.enrolled_at,
        enrolled.event_id,
        'ingest.enrollment.created',
        arrayConcat(
            ['enrollments_count'],
            if(enrolled.program_type = 'language_course', ['language.course_months'], []),
            if(
                enrolled.program_type in ('upskilling_course', 'certification_program'),
                ['upskilling.enrolments', 'upskilling.completion_share'],
                []
            ),
            if(
                enrolled.program_instance_id in (
                    select program_instance_id from {{ ref('dim_program_instances') }}
                    where program_type = 'weei'
                ),
                [
                    'weei.learn_people', 'weei.start_people', 'weei.grow_people', 'weei.lead_people',
                    'weei.start_conversion_share', 'weei.grow_conversion_share', 'weei.lead_conversion_share'
                ],
                []
            )
        )
    from {{ ref('fct_enrollments') }} as enrolled
    union all
    select
        company_id, participant_id, matched_at, event_id, 'buddy.match.created',
        ['buddy_matches_count', {{ integration }}]
    from {{ ref('fct_buddy_matches') }}
    union all
    select company_id, participant_id, checked_in_at, event_id, 'buddy.checkin.completed', [{{ integration }}]
    from {{ ref('fct_buddy_checkins') }}
    union all
    select company_id, participant_id, held_at, event_id, 'buddy.event.logged', [{{ integration }}]
    from {{ ref('fct_buddy_events') }}
    union all
    select company_id, person_id, attended_at, event_id, 'buddy.event.attended', [{{ integration }}]
    from {{ ref('fct_buddy_attendances') }}
    union all
    select
        company_id, participant_id, completed_at, event_id, 'upskilling.course.completed',
        ['courses_completed_count', 'upskilling.completions', {{ integration }}]
    from {{ ref('fct_course_completions') }}
    union all
    select company_id, person_id, updated_at, event_id, 'upskilling.progress.updated', [{{ integration }}]
    from {{ ref('fct_learning_progress') }}
    union all
    select
        company_id,
        person_id,
        placed_at,
        event_id,
        'ingest.placement.created',
        arrayConcat(
            ['placements_count'],
            if({{ is_employment() }}, [{{ integration }}, 'sroi_ratio', 'upskilling.placements'], [])
        )
    from {{ ref('fct_placements') }}
    union all
    select
        company_id,
        person_id,
        counted_at,
        event_id,
        'q2q.scored',
        arrayConcat(
            [concat('outcome.', dimension)],
            if(dimension = 'lang_level_proxy', [], ['vis_score']),
            if(dimension = 'job_readiness', ['avg_job_readiness', 'sroi_outcome_ratio'], [])
        )
    from {{ ref('fct_outcome_scores') }}
    union all
    select company_id, person_id, activity_at, event_id, 'ingest.volunteer.logged', ['volunteering_hours']
    from {{ ref('fct_volunteering') }}
    union all
    select company_id, person_id, donated_at, event_id, 'ingest.donation.made', ['donations_usd', 'donations_count']
    from {{ ref('fct_donations') }}
)

select distinct
    company_id,
    metric,
    occurred_at,
    event_id,
    event_type,
    person_id
from evidence
array join metrics as metric
where company_id != {{ no_id() }}
