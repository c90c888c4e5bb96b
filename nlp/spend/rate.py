"""A company's requests in any 60 seconds, counted in Postgres: a minute that slides, not one of the clock.

With minutes of the clock, twice the limit fits into the seconds around a full one.
"""

from __future__ import annotations

import math
from uuid import UUID

import psycopg

# The moments of the last requests, oldest first, as many as are allowed. One more is allowed if there are
# fewer, or if the oldest of them is a minute ago. The clock is read under the row's lock: no two requests are
# counted at moments in another order than they came in.
_TAKE = """
insert into ai.request_minutes as known (company_id, requested_at)
values (%(company)s, array[clock_timestamp()])
on conflict (company_id) do update
set requested_at = (known.requested_at || clock_timestamp())[
    greatest(1, cardinality(known.requested_at) + 2 - %(limit)s):
]
where cardinality(known.requested_at) < %(limit)s
   or known.requested_at[cardinality(known.requested_at) + 1 - %(limit)s]
      <= clock_timestamp() - interval '60 s'
returning 1
"""
_WAIT = """
select extract(epoch from
    requested_at[cardinality(requested_at) + 1 - %(limit)s] + interval '60 s' - clock_timestamp()
)::double precision
from ai.request_minutes where company_id = %(company)s
"""


def take_request(connection: psycopg.Connection, company_id: UUID, per_minute: int) -> int | None:
    """Count one request and return None; or do not count it, and return the seconds until one is allowed."""
    with connection.transaction():
        values = {"company": company_id, "limit": per_minute}
        if connection.execute(_TAKE, values).fetchone():
            return None
        wait_s = connection.execute(_WAIT, values).fetchall()[0][0]
    return max(1, math.ceil(wait_s or 0))
