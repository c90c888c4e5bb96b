-- Grain: rating of a session by one side.
{{ config(
    unique_key='subject',
    partition_by='toYYYYMM(created_at)',
    order_by=['company_id', 'participant_id', 'created_at', 'subject'],
) }}

with ratings as (
    select * from {{ ref('stg_kintell__ratings') }}
    {% if is_incremental() %}
        where subject in ({{ subjects_of_changed_sessions() }})
    {% endif %}
),

sessions as (select * from {{ ref('fct_sessions') }}),

-- One rating per session counts: of those that participants gave in points, the newest.
counted as (
    select argMax(subject, tuple(created_at, event_id)) as subject
    from ratings
    where from_role = 'participant' and rating is not null
    group by session_id
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
    (ratings.subject in (select subject from counted))::Bool as is_counted,
    ratings.created_at as created_at,
    ratings.event_id as event_id,
    greatest(ratings.loaded_at, sessions.loaded_at) as loaded_at
from ratings
left join sessions on ratings.session_id = sessions.session_id
