{#- Whether the participant is the one who teaches. Both sides of a match do; where no match tells, whoever helps the
    company elsewhere is the volunteer, and else the teacher is. -#}
{% macro is_participant_teaching() -%}
    multiIf(
        shared.teacher_id = matches.participant_id or shared.learner_id = matches.buddy_id, true,
        shared.teacher_id = matches.buddy_id or shared.learner_id = matches.participant_id, false,
        (shared.company_id, shared.teacher_id) not in (select company_id, person_id from helpers)
        and (shared.company_id, shared.learner_id) in (select company_id, person_id from helpers)
    )
{%- endmacro %}
