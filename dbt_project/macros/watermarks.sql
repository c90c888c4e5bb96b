{#- How an incremental fact knows what to recompute: by arrival, never by a look-back over event time.

    Before a fact is built, its newest visible arrival is noted; after it is built, that note becomes its watermark.
    The next run recomputes every key with an event that arrived since. The watermark moves only after success, so a
    run that was killed half-way, even in the first build, is repeated in full by the next one; deleting and inserting
    the same keys twice gives the same rows. -#}

{% macro watermarks() -%}
    {{ generate_schema_name('intermediate', none) }}.watermarks
{%- endmacro %}

{% macro create_watermarks() -%}
    {%- if target.type == 'clickhouse' and execute -%}
        {%- do run_query('create database if not exists ' ~ generate_schema_name('intermediate', none) ~ on_cluster()) -%}
        {#- Every node of a cluster must read every watermark: all of them are replicas of one table, not shards. -#}
        {%- set engine = 'ReplicatedMergeTree(\'/clickhouse/tables/{uuid}/all\', \'{shard}-{replica}\')'
            if is_clustered() else 'MergeTree' -%}
        {%- do run_query(
            'create table if not exists ' ~ watermarks() ~ on_cluster()
            ~ ' (model String, arrived_until DateTime64(6, \'UTC\'),'
            ~ ' run_id String, is_built Bool, noted_at DateTime64(6, \'UTC\') default now64(6))'
            ~ ' engine = ' ~ engine
            ~ ' order by (model, noted_at) ttl toDateTime(noted_at) + interval 90 day where not is_built'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- pre_hook of an incremental fact -#}
{% macro note_arrivals() -%}
    insert into {{ watermarks() }} (model, arrived_until, run_id, is_built)
    select '{{ this.identifier }}', max(loaded_at), '{{ invocation_id }}', false from {{ source('raw', 'events') }}
{%- endmacro %}

{#- post_hook of an incremental fact -#}
{% macro move_watermark() -%}
    insert into {{ watermarks() }} (model, arrived_until, run_id, is_built)
    select model, max(arrived_until), run_id, true from {{ watermarks() }}
    where model = '{{ this.identifier }}' and run_id = '{{ invocation_id }}' and not is_built
    group by model, run_id
{%- endmacro %}

{#- Arrivals after this moment may be missing from the fact. No watermark yet gives 1970: everything may be. -#}
{% macro arrived_until() -%}
    (
        select max(arrived_until) - toIntervalSecond({{ var('longest_insert_s') }})
        from {{ watermarks() }}
        where model = '{{ this.identifier }}' and is_built
    )
{%- endmacro %}

{#- Subjects of these event types with an event that the fact may not know yet. -#}
{% macro new_subjects(event_types) -%}
    select subject from {{ source('raw', 'events') }}
    where event_type in ('{{ event_types | join("', '") }}') and loaded_at > {{ arrived_until() }}
{%- endmacro %}
