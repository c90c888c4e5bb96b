{#- The newest version of every fact of one event type: one row per subject.

    A source corrects a fact by sending its subject again, so the version the source wrote last wins; of two written
    in the same instant, the one whose event id sorts last, which follows from the content: whatever the order of
    arrival, the result is one. Loading an event twice changes nothing but `loaded_at`.
    Filters on `subject` reach the table below the aggregation, which is what keeps incremental runs cheap.

    fields: the event data's fields as a ClickHouse tuple; JSON is parsed once per row, a missing field gives the
    type's default, so what may be missing is declared Nullable. -#}
{% macro latest_events(event_type, fields) -%}
    select
        subject,
        latest.event_id as event_id,
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
                tuple(event_id, company_id, person_id, event_time, source_time, loaded_at, data),
                tuple(source_time, event_id, loaded_at)
            )::Tuple(
                event_id UUID,
                company_id UUID,
                person_id UUID,
                event_time DateTime64(3, 'UTC'),
                source_time DateTime64(3, 'UTC'),
                loaded_at DateTime64(6, 'UTC'),
                data String
            ) as latest
        from {{ source('raw', 'events') }}
        where event_type = '{{ event_type }}'
        group by subject
    )
{%- endmacro %}
