{#- Whether the participant is the one who teaches. Both sides of a match do; where no match tells, the teacher is
    taken to be the volunteer. -#}
{% macro is_participant_teaching() -%}
    (shared.teacher_id = matches.participant_id or shared.learner_id = matches.buddy_id)
{%- endmacro %}
