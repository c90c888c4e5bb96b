-- Grain: company, period in which somebody entered a stage of the WEEI path: learn, start, grow, lead.
{% set stages = ['learn', 'start', 'grow', 'lead'] %}
-- A round's stage is in its name or its slug: "U:START, autumn", u-start-2026.
with rounds as (
    select
        program_instance_id,
        extract(lower(concat(program_name, ' ', program_slug)), '\\bu[:_ -]?(learn|start|grow|lead)') as stage
    from {{ ref('dim_program_instances') }}
    where program_type = 'weei' and stage != ''
),

entries as (
    select
        enrolled.company_id as company_id,
        enrolled.participant_id as participant_id,
        rounds.stage as stage,
        enrolled.enrolled_at as entered_at
    from {{ ref('fct_enrollments') }} as enrolled
    inner join rounds on enrolled.program_instance_id = rounds.program_instance_id
),

entered as (
    select
        {% for stage in stages %}
            uniqExactIf(participant_id, stage = '{{ stage }}') as {{ stage }}_count,
        {% endfor %}
        company_id,
        {{ each_period('entered_at') }}
    from entries
    group by company_id, period_key
),

first_entries as (
    select
        {% for stage in stages %}
            minIf(toNullable(entered_at), stage = '{{ stage }}') as {{ stage }}_at,
        {% endfor %}
        company_id,
        participant_id
    from entries
    group by company_id, participant_id
),

-- How far people had come by the period's end. A stage counts only for people who had come through the one before.
reached as (
    select
        {% for stage in stages %}
            countIf(toDate({{ stage }}_at) <= period_end) as {{ stage }}_reached,
        {% endfor %}
        {% for stage in stages[1:] %}
            countIf(toDate({{ stage }}_at) <= period_end and toDate({{ stages[loop.index0] }}_at) <= period_end)
                as {{ stage }}_followed,
        {% endfor %}
        entered.company_id as company_id,
        entered.period_grain as period_grain,
        entered.period_start as period_start,
        {{ period_end('entered.period_grain', 'entered.period_start') }} as period_end
    from entered
    inner join first_entries on entered.company_id = first_entries.company_id
    group by company_id, period_grain, period_start
)

select
    entered.company_id as company_id,
    'weei' as tile,
    entered.period_grain as period_grain,
    entered.period_start as period_start,
    {{ tile_metrics({
        'learn_people': ['people', 'entered.learn_count', none],
        'start_people': ['people', 'entered.start_count', none],
        'grow_people': ['people', 'entered.grow_count', none],
        'lead_people': ['people', 'entered.lead_count', none],
        'start_conversion_share': ['share of people so far in learn', 'reached.start_followed', 'reached.learn_reached'],
        'grow_conversion_share': ['share of people so far in start', 'reached.grow_followed', 'reached.start_reached'],
        'lead_conversion_share': ['share of people so far in grow', 'reached.lead_followed', 'reached.grow_reached'],
    }) }} as metrics
from entered
inner join reached using (company_id, period_grain, period_start)
