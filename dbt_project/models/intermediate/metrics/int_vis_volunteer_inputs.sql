-- Grain: company, volunteer, period in which the volunteer worked.
{{ config(
    unique_key='volunteer_id',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'volunteer_id', 'period_grain', 'period_start'],
    meta={'recomputed': 'volunteers', 'rests_on': ['marts.dim_company_members']},
) }}
{{- reads_when_recomputing(['fct_skill_shares', 'fct_outcome_scores']) }}

-- By month first: a quarter is of three rows then, and not of all that happened in it.
with months as (
    select
        company_id,
        volunteer_id,
        toStartOfMonth(occurred_at) as month_start,
        sum(minutes) as minutes_total,
        countIf(work_type in ('session', 'skill_share')) as sessions_total,
        -- Told apart when the group is complete: a set in each of a million groups takes twice as long.
        arrayDistinct(groupArrayIf(participant_id, participant_id != {{ no_id() }})) as participants
    from {{ ref('int_volunteer_time') }}
    where
        volunteer_id != {{ no_id() }}
        {%- if is_incremental() %}
            and volunteer_id in ({{ touched_volunteers() }})
        {%- endif %}
    group by company_id, volunteer_id, month_start
),

totals as (
    select
        company_id,
        volunteer_id,
        {{ each_period('month_start') }},
        sum(minutes_total) as minutes,
        sum(sessions_total) as sessions_count,
        arrayDistinct(groupArrayArray(participants)) as participants
    from months
    group by company_id, volunteer_id, period_key
),

met_people as (
    select
        company_id,
        volunteer_id,
        period_key,
        minutes,
        sessions_count,
        length(participants) as participants_count,
        arrayJoin(if(empty(participants), [{{ no_id() }}], participants)) as participant_id
    from totals
),

-- Changes in the scores of a person, each dimension once, in billionths.
changes as (
    select
        company_id,
        person_id,
        {{ period_key('period_grain', 'period_start') }} as period_key,
        count() as changes_count,
        sum(toInt64(round(assumeNotNull(avg_score - avg_score_before) * 1e9))) as change_sum
    from {{ ref('int_person_outcomes') }}
    where avg_score_before is not null
    group by company_id, person_id, period_key
)

select
    met_people.company_id as company_id,
    met_people.volunteer_id as volunteer_id,
    {{ period_of_key('met_people.period_key') }},
    any(met_people.minutes) as minutes,
    any(met_people.sessions_count) as sessions_count,
    any(met_people.participants_count) as participants_count,
    sum(changes.changes_count) as changes_count,
    if(changes_count = 0, null, sum(changes.change_sum) / 1e9 / changes_count) as mean_change
from met_people
left join changes
on
    met_people.company_id = changes.company_id
    and met_people.participant_id = changes.person_id
    and met_people.period_key = changes.period_key
group by company_id, volunteer_id, met_people.period_key
