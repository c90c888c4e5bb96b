-- Grain: company, text: those that may be read now, in the version that may.
select
    company_id,
    text_id,
    text_sha256
from {{ source('nlp', 'cleared_texts') }} final
