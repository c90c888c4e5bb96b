{#- Whether the match that a fact names is of the fact's own company, joined as `matches`. A fact of neither company nor
    participant came before its match and belongs to it. Nobody's buddy or participant is taken from another company's
    match: no company's numbers follow from another's events. -#}
{% macro is_own_match(fact) -%}
    (
        matches.company_id = {{ fact }}.company_id
        or ({{ fact }}.company_id = {{ no_id() }} and {{ fact }}.participant_id = {{ no_id() }})
    )
{%- endmacro %}

{% macro own_participant(fact) -%}
    if(
        {{ is_own_match(fact) }},
        {{ known_or(fact ~ '.participant_id', 'matches.participant_id') }},
        {{ fact }}.participant_id
    )
{%- endmacro %}

{% macro own_buddy(fact) -%}
    if({{ is_own_match(fact) }}, matches.buddy_id, {{ no_id() }})
{%- endmacro %}
