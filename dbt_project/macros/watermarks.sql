{#- How an incremental table knows what to recompute: by arrival, never by a look-back over event time.

    Facts follow events. `int_arrived_events` gathers once per run what has arrived since the facts were built, with
    the other versions of the same subjects; before a fact is built, how far that goes is noted, and after it is built
    the note becomes its watermark. Tables of people follow facts: each fact notes whose rows it replaced, and these
    people alone are recomputed (`recomputed: people` in a model's meta; macros/touched_people.sql).

    A watermark moves only after success, so a run that was killed half-way is repeated by the next one; deleting and
    inserting the same rows twice gives the same rows.

    What no arrival tells of changes a table's basis: an erasure from raw.events, other SQL, other parameters or members
    (`rests_on` in the meta). A table whose basis is not the one it was built on is built from nothing. -#}

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
        {%- do run_query(
            'alter table ' ~ watermarks() ~ on_cluster()
            ~ ' add column if not exists basis String comment \'What the table was built on besides arrivals\''
        ) -%}
        {%- do run_query(
            'create table if not exists ' ~ touched() ~ on_cluster()
            ~ ' (model String, person_id UUID comment \'Nil: everybody\','
            ~ ' noted_at DateTime64(6, \'UTC\') default now64(6))'
            ~ ' engine = ' ~ engine
            ~ ' order by (noted_at, model) ttl toDateTime(noted_at) + interval ' ~ days_noted() ~ ' day'
        ) -%}
        {%- do run_query(
            'alter table ' ~ touched() ~ on_cluster()
            ~ ' add column if not exists since Date comment \'First day of the first quarter that may differ; 1970: any\''
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- pre_hook of an incremental table: how far goes what this run will have built -#}
{% macro note_arrivals() -%}
    insert into {{ watermarks() }} (model, arrived_until, run_id, is_built, basis)
    select
        '{{ this.identifier }}',
        (
            {%- if follows_people() -%}
                select max(noted_at) from {{ touched() }}
            {%- elif is_incremental() -%}
                -- 1970 in a run that has not gathered any: then the watermark stays where it is.
                select argMax(arrived_until, noted_at) from {{ watermarks() }}
                where model = 'int_arrived_events' and is_built
            {%- else -%}
                select max(loaded_at) from {{ source('raw', 'events') }}
            {%- endif -%}
        ),
        '{{ invocation_id }}',
        false,
        {% set known = graph.nodes[model.unique_id].get('basis') if execute -%}
        {{ "'" ~ known ~ "'" if known else '(' ~ basis() ~ ')' }}
{%- endmacro %}

{#- pre_hook of int_arrived_events -#}
{% macro note_gathered() -%}
    insert into {{ watermarks() }} (model, arrived_until, run_id, is_built)
    select '{{ this.identifier }}', max(loaded_at), '{{ invocation_id }}', false from {{ source('raw', 'events') }}
{%- endmacro %}

{#- At the end of a run: the words of events stay in raw.events alone. -#}
{% macro forget_arrivals() -%}
    {%- if target.type == 'clickhouse' and execute -%}
        {%- set gathered = adapter.get_relation(
            '', generate_schema_name('intermediate', none), 'int_arrived_events'
        ) -%}
        {%- if gathered is not none -%}
            {#- On a cluster it is the local tables that hold the rows. -#}
            {%- set held = gathered.incorporate(path={
                'identifier': gathered.identifier ~ adapter.get_clickhouse_local_suffix(),
                'schema': adapter.get_clickhouse_local_db_prefix() ~ gathered.schema,
            }) if is_clustered() else gathered -%}
            {%- do run_query('truncate table ' ~ held ~ on_cluster()) -%}
            {%- do run_query(
                'insert into ' ~ watermarks() ~ ' (model, arrived_until, run_id, is_built)'
                ~ ' values (\'int_arrived_events\', 0, \'' ~ invocation_id ~ '\', true)'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- post_hook of an incremental table -#}
{% macro move_watermark() -%}
    insert into {{ watermarks() }} (model, arrived_until, run_id, is_built, basis)
    select model, max(arrived_until), run_id, true, argMax(basis, noted_at) from {{ watermarks() }}
    where model = '{{ this.identifier }}' and run_id = '{{ invocation_id }}' and not is_built
    group by model, run_id
{%- endmacro %}

{#- post_hook of a fact: after a build from nothing, everybody may have other rows -#}
{% macro note_everybody() -%}
    {%- if execute and not is_incremental() and not follows_people() and people_columns() -%}
        insert into {{ touched() }} (model, person_id) values ('{{ this.identifier }}', {{ no_id() }})
    {%- endif -%}
{%- endmacro %}

{#- The moment until which everything has arrived that this table was built on. -#}
{% macro built_until(model) -%}
    (select max(arrived_until) from {{ watermarks() }} where model = '{{ model }}' and is_built)
{%- endmacro %}

{#- The same, of what this run has noted before it builds the table. -#}
{% macro building_until(model) -%}
    (
        select max(arrived_until) from {{ watermarks() }}
        where model = '{{ model }}' and run_id = '{{ invocation_id }}' and not is_built
    )
{%- endmacro %}

{#- Names of the tables that follow arrivals of events. -#}
{% macro facts() -%}
    {%- set found = [] -%}
    {%- for node in (graph.get('nodes', {}).values() if execute else []) if node.config.incremental_strategy == 'delete_insert' -%}
        {%- if not node.config.meta.get('recomputed') -%}{%- do found.append(node.name) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(found | sort) }}
{%- endmacro %}

{#- What has not arrived before this moment, some fact may not know. 1970 as long as no fact is built. -#}
{% macro arrived_since() -%}
    (
        select min(until) - toIntervalSecond({{ var('longest_insert_s') }})
        from (
            select max(arrived_until) as until from {{ watermarks() }}
            where is_built and model in ('{{ facts() | join("', '") }}')
            group by model
        )
    )
{%- endmacro %}

{#- What a table stands on besides arrivals, as text: equal texts, equal basis. -#}
{% macro basis() -%}
    {%- set events = source('raw', 'events') -%}
    select concat(
        '{{ local_md5(model.raw_code) }} {{ env_var("DBT_PROJECT_VERSION", "") }}',
        -- Rewriting raw.events gives it another id; deleting from it is a mutation, or a patch until that is merged.
        ' ', (
            select toString(any(uuid)) from system.tables
            where database = '{{ events.schema }}' and name = '{{ events.identifier }}'
        ),
        ' ', (
            select toString(max(toUInt64OrZero(extract(mutation_id, '[0-9]+')))) from system.mutations
            where database = '{{ events.schema }}' and table = '{{ events.identifier }}' and is_done
        ),
        ' ', (
            select toString(max(max_block_number)) from system.parts
            where
                database = '{{ events.schema }}' and table = '{{ events.identifier }}'
                and active and startsWith(name, 'patch')
        )
        {%- for relation in (config.get('meta') or {}).get('rests_on', []) %},
            ' ', (
                select toString(sum(cityHash64(toString(tuple(*)))))
                from {{ env_var('DBT_SCHEMA_PREFIX', '') }}{{ relation }}
            )
        {%- endfor %}
    )
{%- endmacro %}

{#- dbt's own, and besides: a table whose basis has changed is built from nothing. -#}
{% macro should_full_refresh() %}
    {%- set configured = config.get('full_refresh') -%}
    {%- do return(configured if configured is not none else (flags.FULL_REFRESH or is_outdated())) -%}
{% endmacro %}

{% macro is_outdated() %}
    {%- if not execute or config.get('incremental_strategy') != 'delete_insert' -%}{%- do return(false) -%}{%- endif -%}
    {#- Asked several times per model, first as it is compiled: the answer is kept for the whole run. -#}
    {%- set node = graph.nodes[model.unique_id] -%}
    {%- if 'is_outdated' not in node -%}
        {%- do node.update({'is_outdated': is_built_on_another_basis(node)}) -%}
    {%- endif -%}
    {%- do return(node['is_outdated']) -%}
{% endmacro %}

{% macro is_built_on_another_basis(node) %}
    {#- Notes of before the tables were there, or before an upgrade, are none. -#}
    {%- set known = adapter.get_relation(
        this.database, generate_schema_name('intermediate', none), 'touched_people'
    ) -%}
    {%- if known is none -%}{%- do return(true) -%}{%- endif -%}
    {%- set answer = run_query(
        'with (' ~ basis() ~ ') as present select count() = 0 or argMax(basis, noted_at) != present'
        ~ (' or ' ~ is_everybody_touched() if follows_people() else '') ~ ', present'
        ~ ' from ' ~ watermarks() ~ ' where model = \'' ~ this.identifier ~ '\' and is_built'
    ).rows[0] -%}
    {%- do node.update({'basis': answer[1]}) -%}
    {%- do return(answer[0] | int == 1) -%}
{% endmacro %}
