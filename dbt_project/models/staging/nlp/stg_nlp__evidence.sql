-- Grain: text, model: the words that carry what a model in force said of the text.
select
    company_id,
    text_id,
    text_sha256,
    model_version,
    evidence
from {{ source('nlp', 'text_scores') }} final
where not is_shadow
