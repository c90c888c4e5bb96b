select
    person_id,
    count() as rating_count,
    avg(score) as mean_score
from {{ ref('scored_ratings') }}
group by person_id
