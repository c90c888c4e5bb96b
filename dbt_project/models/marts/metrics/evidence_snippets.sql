-- Grain: company, text, outcome dimension: the words a score rests on. A view: what is withdrawn is gone at once.
{{ config(materialized='view') }}

with scored as (
    select
        company_id,
        text_id,
        text_sha256,
        model_version,
        {{ dimension_of_label('cite.label') }} as dimension,
        argMin(cite.label, cite.start) as first_label,
        argMin(cite.snippet, cite.start) as first_snippet
    from {{ ref('stg_nlp__evidence') }}
    array join evidence as cite
    group by company_id, text_id, text_sha256, model_version, dimension
),

-- Of texts that may be read now, in the version that may.
cited as (
    select scored.*
    from scored
    inner join {{ ref('stg_nlp__readable_texts') }} using (company_id, text_id, text_sha256)
),

-- Of few who wrote one could guess who it was, whatever was redacted.
writers as (
    select
        company_id,
        toStartOfQuarter(counted_at) as written_quarter,
        uniqExactIf(person_id, person_id != {{ no_id() }}) as people_count
    from {{ ref('fct_outcome_scores') }}
    group by company_id, written_quarter
),

counted as (
    select
        scores.*,
        cited.first_label as first_label,
        cited.first_snippet as first_snippet,
        toStartOfQuarter(scores.counted_at) as written_quarter
    from {{ ref('fct_outcome_scores') }} as scores
    inner join cited using (company_id, text_id, dimension, model_version, text_sha256)
    where scores.company_id != {{ no_id() }}
)

select
    company_id,
    text_id,
    dimension,
    person_id,
    event_id,
    text_type,
    language,
    score,
    confidence,
    first_label as label,
    model_version,
    text_sha256,
    counted_at as written_at,
    counted_at + toIntervalDay(90) as expires_at,
    if(people_count < {{ min_group_people() }}, {{ too_few_people() }}, null) as suppressed_reason,
    if(suppressed_reason is null and expires_at > now64(3), toNullable(first_snippet), null) as snippet
from counted
inner join writers using (company_id, written_quarter)
