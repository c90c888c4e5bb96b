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

-- Changes in the scores of the people a volunteer met in the period, each person and dimension once.
changes as (
    select
        totals.company_id as company_id,
        totals.volunteer_id as volunteer_id,
        totals.period_grain as period_grain,
        totals.period_start as period_start,
        count() as changes_count,
        {{ exact_sum('outcomes.avg_score - outcomes.avg_score_before') }} as change_sum
    from (select *, arrayJoin(participants) as participant_id from totals) as totals
    inner join (
        select * from {{ ref('int_person_outcomes') }}
        where avg_score_before is not null
    ) as outcomes
    on
        totals.company_id = outcomes.company_id
        and totals.participant_id = outcomes.person_id
        and totals.period_grain = outcomes.period_grain
        and totals.period_start = outcomes.period_start
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
