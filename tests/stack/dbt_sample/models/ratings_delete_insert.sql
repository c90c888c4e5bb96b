{{ config(materialized='incremental', incremental_strategy='delete_insert', unique_key='rating_id', order_by='rating_id') }}
select
    rating_id,
    person_id,
    score + {{ var('shift', 0) }} as score,
    given_on
from {{ ref('scored_ratings') }}
{% if is_incremental() %}
where given_on >= '2026-02-01'
{% endif %}
