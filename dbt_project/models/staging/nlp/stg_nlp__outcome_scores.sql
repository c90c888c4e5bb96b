-- Grain: text, outcome dimension. Of texts as they may be read now.
with latest as (
    {{ latest_events(['q2q.scored', 'q2q.analyzed'], [
        'textId UUID',
        'dimension LowCardinality(String)',
        'userId UUID',
        'textType LowCardinality(String)',
        'score Float64',
        'confidence Float64',
        'method LowCardinality(String)',
        'modelVersion LowCardinality(String)',
        'promptVersion LowCardinality(Nullable(String))',
        'language LowCardinality(String)',
        'textSha256 String',
        "scoredAt DateTime64(3, \\'UTC\\')",
        "writtenAt Nullable(DateTime64(3, \\'UTC\\'))",
    ]) }}
)

select
    data.textId as text_id,
    data.dimension as dimension,
    subject,
    company_id,
    data.userId as person_id,
    data.textType as text_type,
    data.score as score,
    data.confidence as confidence,
    data.method as method,
    data.modelVersion as model_version,
    data.promptVersion as prompt_version,
    data.language as language,
    data.textSha256 as text_sha256,
    data.scoredAt as scored_at,
    data.writtenAt as written_at,
    event_id,
    loaded_at
from latest
where not {{ is_of_a_withdrawn_text('data.textId', 'data.textSha256') }}
