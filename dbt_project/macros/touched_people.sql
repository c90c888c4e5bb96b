{#- Whose rows have changed in the facts: noted by every fact as it replaces rows, read by the tables of people. -#}

{% macro touched() -%}
    {{ generate_schema_name('intermediate', none) }}.touched_people
{%- endmacro %}

{#- A table of people that was not built for longer is built from nothing. -#}
{% macro days_noted() -%} 30 {%- endmacro %}

{% macro follows_people() -%}
    {{ return((config.get('meta') or {}).get('recomputed') is not none) }}
{%- endmacro %}

{#- The people whose rows this run replaces in a table of people. -#}
{% macro recomputed_people() -%}
    {%- if (config.get('meta') or {}).get('recomputed') == 'volunteers' -%} {{ touched_volunteers() }}
    {%- else -%} {{ touched_people() }}
    {%- endif -%}
{%- endmacro %}

{#- The columns of a fact that name people, as its privacy declaration lists them. -#}
{% macro people_columns() -%}
    {{ return((config.get('meta') or {}).get('privacy', {}).get('subject_keys', {}).values() | list) }}
{%- endmacro %}

{#- The facts that this table stands on, directly or through other models, as a list in quotes: notes of others say
    nothing of its rows. -#}
{% macro facts_below() -%}
    {%- set waiting, found = [model.unique_id] if execute else [], [] -%}
    {%- for _ in range(graph.nodes | length if execute else 0) -%}
        {%- for below in (graph.nodes[waiting.pop()].depends_on.nodes if waiting else []) -%}
            {%- if below in graph.nodes and below not in found -%}
                {%- do found.append(below) -%}
                {%- do waiting.append(below) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set standing_on = [] -%}
    {%- for fact in (facts() if execute else []) if 'model.' ~ project_name ~ '.' ~ fact in found -%}
        {%- do standing_on.append(fact) -%}
    {%- endfor -%}
    '{{ standing_on | join("', '") }}'
{%- endmacro %}

{#- The notes since this table was built. Asked several times by one table, and answered alike: whom a fact notes
    meanwhile, one that this table does not stand on, would lose the rows and get none. -#}
{% macro notes(by=none) -%}
    {{ touched() }}
    where
        noted_at > {{ built_until(this.identifier) }} and noted_at <= {{ building_until(this.identifier) }}
        and model in ({{ "'" ~ by ~ "'" if by else facts_below() }})
{%- endmacro %}

{#- Everybody whose facts may have changed since this table was built. Who taught when two people shared a skill follows
    from their matches and from whom they help elsewhere: whoever shared a skill with somebody whose match has changed
    counts as touched. -#}
{% macro touched_people() -%}
    {%- set matched -%} select person_id from {{ notes(by='fct_buddy_matches') }} {%- endset -%}
    select person_id from {{ notes() }}
    union distinct
    select arrayJoin([teacher_id, learner_id]) from {{ ref('fct_skill_shares') }}
    where teacher_id in ({{ matched }}) or learner_id in ({{ matched }})
{%- endmacro %}

{#- What a volunteer has achieved follows from the scores of those whom the volunteer met, in the period of a score and
    in later ones, which are compared with it. -#}
{% macro touched_volunteers() -%}
    {{ touched_people() }}
    union distinct
    select work.volunteer_id
    from {{ ref('int_volunteer_time') }} as work
    inner join (
        select person_id, min(since) as scored_since from {{ notes(by='fct_outcome_scores') }}
        group by person_id
    ) as scored on work.participant_id = scored.person_id
    where work.occurred_at >= scored.scored_since
{%- endmacro %}

{#- Where some people are recomputed: a condition that leaves out the others. -#}
{% macro of_people(column, word='where') -%}
    {%- if is_incremental() %} {{ word }} {{ column }} in ({{ touched_people() }}) {%- endif -%}
{%- endmacro %}

{#- Within a model: what it reads only when it recomputes some people, so that dbt builds that first. -#}
{% macro reads_when_recomputing(models) -%}
    {%- if not execute -%}{%- for name in models -%}{%- do ref(name) -%}{%- endfor -%}{%- endif -%}
{%- endmacro %}

{% macro is_everybody_touched() -%}
    (
        select countIf(person_id = {{ no_id() }}) > 0 from {{ touched() }}
        where noted_at > {{ built_until(this.identifier) }} and model in ({{ facts_below() }})
    )
    or {{ built_until(this.identifier) }} < now64(6) - interval {{ days_noted() }} day
{%- endmacro %}

{#- The adapter's own (dbt-clickhouse 1.10.3) but for four things. Where nothing is new, nothing is done. A fact notes
    the people of the rows that go and of those that come. A table of people loses all rows of the people it recomputes,
    also of those who have none left. A fact whose meta names a condition as `gone` loses the rows that meet it, for
    which nothing comes. -#}
{% macro clickhouse__incremental_delete_insert(
    existing_relation, unique_key, incremental_predicates, is_distributed=False
) %}
    {%- set gone = (config.get('meta') or {}).get('gone') -%}
    {% if not gone %}
        {% call statement('main', fetch_result=True) %}
            select count() from (
                select 1 from ({{ recomputed_people() if follows_people() else sql }}) limit 1
            )
            {{ adapter.get_model_query_settings(model) }}
        {% endcall %}
        {%- if load_result('main').table.rows[0][0] | int == 0 -%} {%- do return(none) -%} {%- endif -%}
    {% endif %}
    {%- set new = existing_relation.incorporate(
        path={'identifier': this.identifier ~ '__dbt_new_data_' ~ invocation_id.replace('-', '_')}
    ) -%}
    {%- set distributed_new = existing_relation.incorporate(
        path={'identifier': this.identifier ~ '__dbt_distributed_new_data'}
    ) -%}
    {%- set incoming = distributed_new if is_distributed else new -%}
    {% if is_distributed %}
        {{ create_distributed_local_table(distributed_new, new, existing_relation, sql) }}
    {% else %}
        {% call statement('main') %}{{ get_create_table_as_sql(False, new, sql) }}{% endcall %}
    {% endif %}

    {%- set replaced -%}
        {%- if follows_people() -%} {{ unique_key }} in ({{ recomputed_people() }})
        {%- else -%} ({{ unique_key }}) in (select {{ unique_key }} from {{ incoming }})
        {%- endif -%}
        {%- if gone %} or {{ context[gone]() }} {%- endif -%}
    {%- endset -%}
    {% if not follows_people() and people_columns() %}
        {%- set moment = (config.get('meta') or {}).get('since') -%}
        {%- set noted_columns = people_columns() + ([moment] if moment else []) -%}
        {% call statement('note_people') %}
            insert into {{ touched() }} (model, person_id, since)
            select
                '{{ this.identifier }}',
                arrayJoin([{{ people_columns() | join(', ') }}]) as person,
                min({{ 'toStartOfQuarter(' ~ moment ~ ')' if moment else 'toDate(0)' }})
            from (
                select {{ noted_columns | join(', ') }} from {{ existing_relation }} where {{ replaced }}
                union all
                select {{ noted_columns | join(', ') }} from {{ incoming }}
            )
            where person != {{ no_id() }}
            group by person
        {% endcall %}
    {% endif %}

    {%- set target = existing_relation.incorporate(path={
        'identifier': this.identifier ~ adapter.get_clickhouse_local_suffix(),
        'schema': adapter.get_clickhouse_local_db_prefix() ~ this.schema,
    }) if is_distributed else existing_relation -%}
    {% call statement('delete_existing_data') %}
        delete from {{ target }} {{ on_cluster_clause(existing_relation) if is_distributed }} where {{ replaced }}
        {{ adapter.get_model_query_settings(model) }}
    {% endcall %}
    {%- set columns = adapter.get_columns_in_relation(existing_relation) | map(attribute='quoted') | join(', ') -%}
    {% call statement('insert_new_data') %}
        insert into {{ existing_relation }} select {{ columns }} from {{ incoming }}
        {{ adapter.get_model_query_settings(model) }}
    {% endcall %}
    {% do adapter.drop_relation(new) %}
    {% if is_distributed %} {{ drop_relation_if_exists(distributed_new) }} {% endif %}
{% endmacro %}
