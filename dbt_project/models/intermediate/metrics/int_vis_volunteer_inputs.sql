-- Grain: company, volunteer, period in which the volunteer worked.
with work as (
    select company_id, volunteer_id, participant_id, work_type, minutes, {{ each_period('occurred_at') }}
    from {{ ref('int_volunteer_time') }}
    where volunteer_id != {{ no_id() }}
),

totals as (
    select
        company_id,
        volunteer_id,
        period_grain,
        period_start,
        sum(minutes) as minutes,
        countIf(work_type in ('session', 'skill_share')) as sessions_count,
        -- Few per volunteer and period: an array costs less than the million sets of uniqExact.
        length(arrayDistinct(groupArrayIf(participant_id, participant_id != {{ no_id() }}))) as participants_count
    from work
    group by company_id, volunteer_id, period_grain, period_start
),

outcomes as (
    select * from {{ ref('int_person_outcomes') }}
    where avg_score_before is not null
),

-- Of all the people volunteers meet, few have two scores to compare.
met as (
    select distinct company_id, volunteer_id, participant_id, period_grain, period_start
    from work
    where
        (company_id, participant_id, period_grain, period_start)
        in (select company_id, person_id, period_grain, period_start from outcomes)
),

-- Changes in the scores of the people a volunteer met in the period, each person and dimension once.
changes as (
    select
        met.company_id as company_id,
        met.volunteer_id as volunteer_id,
        met.period_grain as period_grain,
        met.period_start as period_start,
        count() as changes_count,
        {{ exact_sum('outcomes.avg_score - outcomes.avg_score_before') }} as change_sum
    from met
    inner join outcomes
    on
        met.company_id = outcomes.company_id
        and met.participant_id = outcomes.person_id
        and met.period_grain = outcomes.period_grain
        and met.period_start = outcomes.period_start
    group by company_id, volunteer_id, period_grain, period_start
)

select
    totals.company_id as company_id,
    totals.volunteer_id as volunteer_id,
    totals.period_grain as period_grain,
    totals.period_start as period_start,
    totals.minutes as minutes,
    totals.sessions_count as sessions_count,
    totals.participants_count as participants_count,
    changes.changes_count as changes_count,
    if(changes_count = 0, null, changes.change_sum / changes_count) as mean_change
from totals
left join changes using (company_id, volunteer_id, period_grain, period_start)
