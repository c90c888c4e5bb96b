select
    rating_id,
    person_id,
    assumeNotNull(score) as score,
    given_on
from {{ ref('ratings') }}
where score >= 1
