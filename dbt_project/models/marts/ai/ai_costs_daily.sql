-- Grain: company, day, model version, purpose.
{{ config(order_by=['company_id', 'day', 'model_version', 'purpose']) }}

with calls as (
    select
        company_id,
        toDate(called_at) as day,
        model_version,
        purpose,
        input_tokens,
        output_tokens,
        -- Whole micro-dollars add up to the same in any order; dollars as floats do not.
        toUInt64(round(cost_usd * 1000000)) as call_microdollars
    from {{ ref('fct_ai_costs') }}
)

select
    company_id,
    day,
    model_version,
    purpose,
    count() as calls_count,
    sum(input_tokens) as total_input_tokens,
    sum(output_tokens) as total_output_tokens,
    sum(call_microdollars) as cost_microdollars,
    sum(call_microdollars) / 1000000 as cost_usd
from calls
group by company_id, day, model_version, purpose
