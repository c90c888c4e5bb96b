"""What programmes return: social return on investment, volunteer impact, outcomes, tiles, goals."""

from __future__ import annotations

from serving.queries.figures import document, listing

# $2 grain, $3 period or null for the latest, $4 variant or null, $5 scenario or null.
SROI = document(
    fields="""
    asked.period,
    (select json_agg(json_build_object(
        'variant', variant, 'scenario', scenario, 'ratio', ratio, 'value', value, 'cost', cost, 'currency',
        currency, 'unit', unit, 'formula_version', formula_version, 'parameter_set', parameter_set,
        'inputs', inputs, 'missing_reason', missing_reason
    ) order by variant, array_position(array['low', 'base', 'high'], scenario))
    from served.mv_sroi as sroi
    where company_id = $1 and period_grain = $2 and period = asked.period
      and ($4::text is null or variant = $4) and ($5::text is null or scenario = $5)) as results
""",
    source="""
    from (
        select coalesce(
            $3::text, (select max(period) from served.mv_sroi where company_id = $1 and period_grain = $2)
        ) as period
    ) as asked
""",
)

# $2 grain, $3 period or null for the latest, $4 how many volunteers.
VIS = document(
    fields="""
    asked.period,
    (select json_build_object(
        'vis', vis, 'band', band, 'hours', hours,
        'parts', json_build_object(
            'hours', hours_part, 'quality', quality_part, 'outcome', outcome_part, 'placement', placement_part
        ),
        'weights', weights, 'formula_version', formula_version, 'parameter_set', parameter_set, 'inputs',
        inputs, 'missing_reason', missing_reason
    )
    from served.mv_vis where company_id = $1 and period_grain = $2 and period = asked.period) as aggregate,
    (select coalesce(json_agg(json_build_object(
        'rank', volunteer_rank, 'volunteer_id', volunteer_id, 'vis_score', vis_score, 'band', band,
        'missing_reason', missing_reason, 'hours', hours, 'sessions_count', sessions_count,
        'sessions_per_month', sessions_per_month, 'consistency_part', consistency_part, 'impact', impact
    ) order by volunteer_rank), '[]')
    from served.mv_top_volunteers
    where company_id = $1 and period_grain = $2 and period = asked.period
      and volunteer_rank <= $4) as top_volunteers
""",
    source="""
    from (
        select coalesce(
            $3::text, (select max(period) from served.mv_vis where company_id = $1 and period_grain = $2)
        ) as period
    ) as asked
""",
)

# $4 grain, $5 first and $6 last period, $7 dimensions or null.
OUTCOMES = listing(
    fields="""
    period, period_start, dimension, avg_score, score_sum, scores_count, confidence_avg, confidence_sum,
    people_count, suppressed_reason
""",
    source="""
    from served.mv_outcomes
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
      and ($7::text[] is null or dimension = any($7))
""",
    order="period_start, dimension",
)

# $4 grain, $5 first and $6 last period, $7 tile or null.
TILES = listing(
    fields="tile, period, period_start, metric, value, numerator, denominator, unit",
    source="""
    from served.mv_program_tiles
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
      and ($7::text is null or tile = $7)
""",
    order="tile, period_start, metric",
)

# $4 grain, $5 first and $6 last period.
GOALS = listing(
    fields="period, period_start, sdg_goal, activities_count",
    source="""
    from served.mv_sdg
    where company_id = $1
      and period_grain = $4
      and ($5::text is null or period >= $5)
      and ($6::text is null or period <= $6)
""",
    order="period_start, sdg_goal",
)
