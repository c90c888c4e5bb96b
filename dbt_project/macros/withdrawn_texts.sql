{#- Whether a score is of words that may not be read, be it that the text was withdrawn or that it now says something
    else. A text that the gate does not know (its scores came from elsewhere) is not withdrawn. -#}
{% macro is_of_a_withdrawn_text(text_id='text_id', text_sha256='text_sha256') -%}
    (
        {{ text_id }} in (select text_id from {{ source('nlp', 'cleared_texts') }})
        and ({{ text_id }}, {{ text_sha256 }}) not in (
            select text_id, text_sha256 from {{ ref('stg_nlp__readable_texts') }}
        )
    )
{%- endmacro %}
