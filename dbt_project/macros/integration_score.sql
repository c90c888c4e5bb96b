{#- The three parts of the integration score and their sum, each 0 to 1 before weighting. `p` is the tuple of
    parameters in force. Written once: the score now and the score before the period are one formula. -#}
{% macro language_part(p, level) -%}
    multiIf(
        {%- for known in ['A1', 'A2', 'B1', 'B2', 'C1', 'C2'] %}
            {{ level }} = '{{ known }}', {{ p }}.level_{{ known | lower }},
        {%- endfor %}
        {{ level }} = '', null,
        0
    )
{%- endmacro %}

{% macro social_part(p, matches, events, checkins) -%}
    (
        {{ p }}.social_match * ({{ matches }} > 0)
        + {{ p }}.social_events * least({{ events }} / {{ p }}.full_events, 1)
        + {{ p }}.social_checkins * least({{ checkins }} / {{ p }}.full_checkins, 1)
    )
{%- endmacro %}

{% macro job_part(p, employed, completed, in_progress) -%}
    if(
        {{ employed }},
        1,
        least({{ p }}.course_completed * {{ completed }}, {{ p }}.course_completed_cap)
        + least({{ p }}.course_in_progress * {{ in_progress }}, {{ p }}.course_in_progress_cap)
    )
{%- endmacro %}

{#- 0 to 100, rounded to billionths so that equal states are equal numbers. Null without a language level. -#}
{% macro integration_score(p, language, social, job) -%}
    round(
        100 * (
            {{ p }}.weight_language * {{ language }}
            + {{ p }}.weight_social * {{ social }}
            + {{ p }}.weight_job * {{ job }}
        ),
        9
    )
{%- endmacro %}

{#- The formula's parameters by name. -#}
{% macro integration_parameters(map) -%}
    {%- set names = [
        'band_low_below', 'band_medium_below', 'course_completed', 'course_completed_cap', 'course_in_progress',
        'course_in_progress_cap', 'full_checkins', 'full_events', 'level_a1', 'level_a2', 'level_b1', 'level_b2',
        'level_c1', 'level_c2', 'social_checkins', 'social_events', 'social_match', 'weight_job', 'weight_language',
        'weight_social',
    ] -%}
    {{ named_parameters(map, names) }}
{%- endmacro %}

{#- 1 for A1 to 6 for C2, null where no level is known. -#}
{% macro level_rank(level) -%}
    nullIf(toInt8(indexOf(['A1', 'A2', 'B1', 'B2', 'C1', 'C2'], coalesce({{ level }}, ''))), 0)
{%- endmacro %}

{#- Values in the order of `months`, the array beside them. -#}
{% macro by_month(values) -%}
    arraySort((value, month) -> month, {{ values }}, months)
{%- endmacro %}
