"""What became of tries, counted where it is written: Prometheus wants numbers that only grow."""

from __future__ import annotations

# Seconds from due to accepted; the promise is five minutes.
BUCKETS_S = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0, 1800.0, 3600.0, 21_600.0, 86_400.0)

# Follows a CTE `ended (platform, outcome, error_class, due_at, ended_at)`. Rows are locked in one order.
COUNT_ENDED = f"""
insert into impact_in.totals as totals (platform, outcome, error_class, bucket_s, tries_count, seconds)
select platform, outcome, coalesce(error_class, ''),
    case when outcome = 'delivered' then coalesce(
        (select min(bound) from unnest(array{list(BUCKETS_S)}::float8[]) as bound where bound >= took_s),
        'Infinity'
    ) else 0 end as bucket_s,
    count(*), coalesce(sum(took_s) filter (where outcome = 'delivered'), 0)
from (select *, extract(epoch from ended_at - due_at)::float8 as took_s from ended) as timed
group by 1, 2, 3, 4 order by 1, 2, 3, 4
on conflict (platform, outcome, error_class, bucket_s) do update
set tries_count = totals.tries_count + excluded.tries_count, seconds = totals.seconds + excluded.seconds
"""  # noqa: S608 - constants of this module
