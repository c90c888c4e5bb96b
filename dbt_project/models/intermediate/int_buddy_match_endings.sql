-- Grain: match that has ended. Incremental as facts are: a match that arrives after its end finds it here.
{{ config(unique_key='match_id', sharding_key='cityHash64(match_id)', order_by=['match_id']) }}

select
    match_id,
    ended_at,
    end_reason,
    loaded_at
from {{ arrived('stg_buddy__match_endings') }}
