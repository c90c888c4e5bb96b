{#- The newest version of every fact of one event type: one row per subject.

    A source corrects a fact by sending its subject again, so the version the source wrote last wins; of two written
    in the same instant, the one whose event id sorts last, which follows from the content: whatever the order of
    arrival, the result is one. Loading an event twice changes nothing but `loaded_at`.
    Filters on `subject` reach the table below the aggregation, which is what keeps incremental runs cheap.

    event_types: one name, or several that tell of the same subjects.
    fields: the event data's fields as a ClickHouse tuple; JSON is parsed once per row, a missing field gives the
    type's default, so what may be missing is declared Nullable.
    preferred: of several event types, the one whose word counts whenever it is there, however old.
    each: a column that tells states of a subject apart, where a subject has a history instead of corrections. -#}
{% macro latest_events(event_types, fields, preferred=none, each=none) -%}
    {%- set types = [event_types] if event_types is string else event_types -%}
    select
        subject,
        latest.event_id as event_id,
        latest.event_type as event_type,
        latest.company_id as company_id,
        latest.person_id as person_id,
        latest.event_time as event_time,
        latest.source_time as source_time,
        latest.loaded_at as loaded_at,
        JSONExtract(latest.data, 'Tuple({{ fields | join(", ") }})') as data
    from (
        select
            subject,
            argMax(
                tuple(event_id, event_type, company_id, person_id, event_time, source_time, loaded_at, data),
                tuple({% if preferred %}event_type = '{{ preferred }}', {% endif %}source_time, event_id, loaded_at)
            )::Tuple(
                event_id UUID,
                event_type LowCardinality(String),
                company_id UUID,
                person_id UUID,
                event_time DateTime64(3, 'UTC'),
                source_time DateTime64(3, 'UTC'),
                loaded_at DateTime64(6, 'UTC'),
                data String
            ) as latest
        from {{ source('raw', 'events') }}
        where event_type in ('{{ types | join("', '") }}')
        group by subject{{ ', ' ~ each if each }}
    )
{%- endmacro %}
