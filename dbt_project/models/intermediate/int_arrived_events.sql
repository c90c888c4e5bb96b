-- Grain: event. Those that have arrived since the facts were built, the other versions of their subjects, and the
-- events of what follows from them: check-ins of a changed match, the other ratings of a session. Empty until all
-- facts have been built once. Gathered in one pass over raw.events, so that no fact has to look for its own.
{{ config(
    materialized='distributed_table' if env_var('CLICKHOUSE_CLUSTER', '') else 'table',
    engine='MergeTree()',
    sharding_key='cityHash64(subject)',
    order_by=['event_type', 'subject'],
    pre_hook="{{ note_gathered() }}",
    post_hook="{{ move_watermark() }}",
) }}

{%- set events = source('raw', 'events') -%}
{%- set since = arrived_since() -%}

{%- set new_subjects -%}
    select cityHash64(subject) from {{ events }} where loaded_at > {{ since }}
{%- endset -%}

{%- set changed = {
    'match_id': "select JSONExtract(data, 'matchId', 'UUID') from " ~ events ~ " where loaded_at > " ~ since
        ~ " and event_type in ('buddy.match.created', 'buddy.match.ended')",
    'session_id': "select JSONExtract(data, 'sessionId', 'UUID') from " ~ events ~ " where loaded_at > " ~ since
        ~ " and event_type in ('kintell.session.completed', 'kintell.rating.created')",
} -%}

select
    event_id,
    event_type,
    subject,
    company_id,
    person_id,
    event_time,
    source_time,
    loaded_at,
    data
from {{ events }}
where
    {%- if not execute or flags.FULL_REFRESH %}
        false
    {%- else %}
        -- Nothing is built yet: facts read all events themselves.
        {{ since }} > toDateTime64('1971-01-01 00:00:00', 6, 'UTC')
        and cityHash64(subject) in (
            {{ new_subjects }}
            -- Scores of a text that may be read again.
            union all
            select cityHash64(concat('score/', toString(text_id), '/', dimension))
            from {{ source('nlp', 'cleared_texts') }}
            array join {{ outcome_dimensions() }} as dimension
            where cleared_at > {{ since }}
            {%- for fact, key in rows_that_follow().items() %}
                {#- Not by ref: these are the rows of the run before, which this run's will follow. -#}
                {%- set before = adapter.get_relation(this.database, generate_schema_name('marts', none), fact) -%}
                {%- if before is not none %}
                    union all
                    select cityHash64(subject) from {{ before }}
                    where
                        {{ key }} in ({{ changed[key] }})
                        {%- if key == 'session_id' %}
                            -- The session that a corrected rating was of before.
                            or session_id in (
                                select session_id from {{ before }} where cityHash64(subject) in ({{ new_subjects }})
                            )
                        {%- endif %}
                {%- endif %}
            {%- endfor %}
        )
    {%- endif %}
