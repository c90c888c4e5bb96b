{{ config(materialized='materialized_view', engine='SummingMergeTree()', order_by='month') }}
select
    toStartOfMonth(given_on) as month,
    count() as rating_count
from {{ ref('ratings') }}
group by month
