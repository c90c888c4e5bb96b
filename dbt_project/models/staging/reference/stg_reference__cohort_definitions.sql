-- Grain: cohort. A filter that is not given is null.
select
    cohort_id,
    company_id,
    name,
    JSONExtract(filters, 'program_type', 'Nullable(String)') as program_type,
    JSONExtract(filters, 'program_instance_id', 'Nullable(UUID)') as program_instance_id,
    toDate32OrNull(JSONExtractString(filters, 'enrolled_from')) as enrolled_from,
    toDate32OrNull(JSONExtractString(filters, 'enrolled_until')) as enrolled_until,
    JSONExtract(filters, 'language_level', 'Nullable(String)') as language_level,
    JSONExtract(filters, 'text_language', 'Nullable(String)') as text_language,
    JSONExtract(filters, 'min_sessions', 'Nullable(UInt32)') as min_sessions
from {{ source('raw', 'cohort_definitions') }}
