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

{#- Everybody whose facts may have changed since this table was built. Two people share a skill, and what one of them is
    decides what the other one was: so both count as touched. Asked several times by one table, and answered alike: whom a
    fact notes meanwhile, one that this table does not stand on, would lose the rows and get none. -#}
{% macro touched_people(by=none) -%}
    {%- set noted -%}
        select person_id from {{ touched() }}
        where
            noted_at > {{ built_until(this.identifier) }} and noted_at <= {{ building_until(this.identifier) }}
            {{ "and model = '" ~ by ~ "'" if by }}
    {%- endset -%}
    {{ noted }}
    {%- if not by %}
        union distinct
        select arrayJoin([teacher_id, learner_id]) from {{ ref('fct_skill_shares') }}
        where teacher_id in ({{ noted }}) or learner_id in ({{ noted }})
    {%- endif %}
{%- endmacro %}

{#- What a volunteer has achieved follows from the scores of those whom the volunteer met. -#}
{% macro touched_volunteers() -%}
    {{ touched_people() }}
    union distinct
    select volunteer_id from {{ ref('int_volunteer_time') }}
    where participant_id in ({{ touched_people(by='fct_outcome_scores') }})
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
        where noted_at > {{ built_until(this.identifier) }}
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
        {% call statement('note_people') %}
            insert into {{ touched() }} (model, person_id)
            select distinct '{{ this.identifier }}', arrayJoin([{{ people_columns() | join(', ') }}]) as person
            from (
                select {{ people_columns() | join(', ') }} from {{ existing_relation }} where {{ replaced }}
                union all
                select {{ people_columns() | join(', ') }} from {{ incoming }}
            )
            where person != {{ no_id() }}
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
