{#- The newest version of every fact of one event type: one row per subject.

    A source corrects a fact by sending its subject again, so the version the source wrote last wins; of two written
    in the same instant, the one whose event id sorts last, which follows from the content: whatever the order of
    arrival, the result is one. Loading an event twice changes nothing but `loaded_at`.
    Filters on `subject` reach the table below the aggregation, which is what keeps incremental runs cheap.

    Nearly every subject has one version. Only those that have more are compared: putting all of them through a hash
    table, their JSON with them, took ten times as long. A subject is known by its hash there; one that shares it with
    another is compared for nothing.

    event_types: one name, or several that tell of the same subjects.
    fields: the event data's fields as a ClickHouse tuple; JSON is parsed once per row, a missing field gives the
    type's default, so what may be missing is declared Nullable.
    preferred: of several event types, the one whose word counts whenever it is there, however old.
    each: a column that tells states of a subject apart, where a subject has a history instead of corrections. -#}
{% macro latest_events(event_types, fields, preferred=none, each=none) -%}
    {%- set types = [event_types] if event_types is string else event_types -%}
    {%- set columns = [
        'event_id', 'event_type', 'company_id', 'person_id', 'event_time', 'source_time', 'loaded_at', 'data'
    ] -%}
    {%- set hash = 'cityHash64(subject' ~ (', ' ~ each if each else '') ~ ')' -%}
    {%- set repeated -%}
        (
            select {{ hash }} from {{ source('raw', 'events') }}
            where event_type in ('{{ types | join("', '") }}')
            group by {{ hash }}
            having count() > 1
        )
    {%- endset -%}
    select
        subject,
        {{ columns[:-1] | join(',\n        ') }},
        JSONExtract(data, 'Tuple({{ fields | join(", ") }})') as data
    from (
        select subject, {{ columns | join(', ') }}
        from {{ source('raw', 'events') }}
        where event_type in ('{{ types | join("', '") }}') and {{ hash }} not in {{ repeated }}
        union all
        select
            subject,
            {%- for column in columns %}
                latest.{{ loop.index }} as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                subject,
                argMax(
                    tuple({{ columns | join(', ') }}),
                    tuple({% if preferred %}event_type = '{{ preferred }}', {% endif %}source_time, event_id, loaded_at)
                ) as latest
            from {{ source('raw', 'events') }}
            where event_type in ('{{ types | join("', '") }}') and {{ hash }} in {{ repeated }}
            group by subject{{ ', ' ~ each if each }}
        )
    )
{%- endmacro %}
