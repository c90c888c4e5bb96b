-- Grain: rating of a session by one side.
{{ config(
    unique_key='subject',
    partition_by='toYear(created_at)',
    order_by=['company_id', 'participant_id', 'created_at', 'subject'],
) }}

with ratings as (select * from {{ arrived('stg_kintell__ratings') }}),

sessions as (
    select session_id, company_id, participant_id, volunteer_id, loaded_at from {{ ref('fct_sessions') }}
    {% if is_incremental() %}
        where session_id in (select session_id from ratings)
    {% endif %}
),

-- One rating per session counts: of those that participants gave in points, the newest.
ranked as (
    select
        *,
        from_role = 'participant' and rating is not null as may_count,
        row_number() over (
            partition by session_id order by may_count desc, created_at desc, event_id desc
        ) as place
    from ratings
)

select
    ratings.rating_id as rating_id,
    ratings.subject as subject,
    ratings.session_id as session_id,
    -- A rating belongs where its session belongs; until that has arrived, where it was written.
    {{ known_or('sessions.company_id', 'ratings.company_id') }} as company_id,
    {{ known_or('sessions.participant_id', 'ratings.person_id') }} as participant_id,
    sessions.volunteer_id as volunteer_id,
    ratings.from_role as from_role,
    ratings.rating as rating,
    ratings.rating_raw as rating_raw,
    ratings.has_feedback as has_feedback,
    (ratings.may_count and ratings.place = 1)::Bool as is_counted,
    ratings.created_at as created_at,
    ratings.event_id as event_id,
    greatest(ratings.loaded_at, sessions.loaded_at) as loaded_at
from ranked as ratings
left join sessions on ratings.session_id = sessions.session_id
