{#- A placement that is paid work and has not failed. Internships may be unpaid; a placement with a mentor or as a
    volunteer is no work; what was terminated or is on hold is not counted as work found. -#}
{% macro is_employment() -%}
    placement_type in ('job_placement', 'apprenticeship')
    and status in ('active', 'completed')
    and coalesce(is_successful, true)
{%- endmacro %}
