-- Grain: company, volunteer, period in which the volunteer worked.
{{ config(
    unique_key='volunteer_id',
    sharding_key='cityHash64(company_id)',
    order_by=['company_id', 'volunteer_id', 'period_grain', 'period_start'],
    meta={'recomputed': 'volunteers', 'rests_on': ['marts.dim_company_members']},
) }}
{{- reads_when_recomputing(['fct_skill_shares', 'fct_outcome_scores']) }}

with months as (
    select
        company_id,
        volunteer_id,
        toStartOfMonth(occurred_at) as month_start,
        sum(minutes) as minutes_total,
        countIf(work_type in ('session', 'skill_share')) as sessions_total,
        groupUniqArrayIf(participant_id, participant_id != {{ no_id() }}) as met
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
        'month' as period_grain,
        month_start as period_start,
        minutes_total,
        sessions_total,
        met as participants
    from months
    union all
    select
        company_id,
        volunteer_id,
        'quarter',
        toStartOfQuarter(month_start) as quarter_start,
        sum(minutes_total),
        sum(sessions_total),
        groupUniqArrayArray(met)
    from months
    group by company_id, volunteer_id, quarter_start
),

met_people as (
    select company_id, volunteer_id, period_grain, period_start, arrayJoin(participants) as participant_id
    from totals
),

compared as (
    select company_id, person_id, period_grain, period_start, avg_score, avg_score_before
    from {{ ref('int_person_outcomes') }}
    where avg_score_before is not null
),

-- Changes in the scores of the people a volunteer met in the period, each person and dimension once.
changes as (
    select
        met_people.company_id as company_id,
        met_people.volunteer_id as volunteer_id,
        met_people.period_grain as period_grain,
        met_people.period_start as period_start,
        count() as changes_count,
        {{ exact_sum('compared.avg_score - compared.avg_score_before') }} as change_sum
    from met_people
    inner join compared
    on
        met_people.company_id = compared.company_id
        and met_people.participant_id = compared.person_id
        and met_people.period_grain = compared.period_grain
        and met_people.period_start = compared.period_start
    group by company_id, volunteer_id, period_grain, period_start
)

select
    totals.company_id as company_id,
    totals.volunteer_id as volunteer_id,
    totals.period_grain as period_grain,
    totals.period_start as period_start,
    totals.minutes_total as minutes,
    totals.sessions_total as sessions_count,
    length(totals.participants) as participants_count,
    changes.changes_count as changes_count,
    if(changes_count = 0, null, changes.change_sum / changes_count) as mean_change
from totals
left join changes using (company_id, volunteer_id, period_grain, period_start)
