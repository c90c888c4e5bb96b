{#- The outcome dimension that a label speaks of, as nlp/labels.py has it; a test holds the two together. Empty for a
    topic, which speaks of none. -#}
{% macro dimension_of_label(name) -%}
    {%- set labels = {
        'confidence': ['confidence_increase', 'confidence_decrease'],
        'belonging': ['belonging_increase', 'belonging_decrease'],
        'lang_level_proxy': ['language_comfort'],
        'job_readiness': [
            'job_search', 'skills_gained', 'networking', 'resume_improvement', 'interview_prep', 'certification',
            'portfolio_building', 'career_goal_setting',
        ],
        'well_being': [
            'isolation', 'frustration', 'disengagement', 'anxiety', 'dropout_indication', 'confusion',
            'negative_self_talk', 'lack_of_support',
        ],
    } -%}
    multiIf(
        {%- for dimension, names in labels.items() -%}
        {{ name }} in ('{{ names | join("', '") }}'), '{{ dimension }}',
        {%- endfor -%}
        ''
    )
{%- endmacro %}

{% macro outcome_dimensions() -%}
    ['confidence', 'belonging', 'lang_level_proxy', 'job_readiness', 'well_being']
{%- endmacro %}
