"""The reports that a publication makes anew, and the word to live streams that they are there.

A report is a materialized view with all its data points. It is made when the publication refreshes the view,
and a company hears of it if one of its own figures in it is another one than before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql

NAME = "report.generated"

# View in Postgres → how the report is called.
REPORTS: Mapping[str, str] = {"mv_csrd": "csrd"}


def announce_report(
    connection: psycopg.Connection, report: str, changes: Sequence[sql.Composable], data_version: int
) -> int:
    """Tell each company with a change that its report is there, and for which periods; returns how many.

    `changes` are relations with `company_id` and `period`, the changed rows of what the report is made of.
    """
    if not changes:
        return 0
    changed = sql.SQL(" union ").join(sql.SQL("select company_id, period from {}").format(c) for c in changes)
    cursor = connection.execute(
        sql.SQL(
            "insert into serving.announcements (company_id, name, message_id, data)"
            " select company_id, %(name)s::text,"
            "  concat_ws(':', %(name)s::text, %(report)s::text, %(version)s::text, company_id),"
            "  jsonb_build_object('report', %(report)s::text, 'periods', jsonb_agg(period order by period),"
            "                     'dataVersion', %(version)s::bigint)"
            " from ({}) as changed group by company_id order by company_id"
            " on conflict do nothing"
        ).format(changed),
        {"name": NAME, "report": report, "version": data_version},
    )
    return cursor.rowcount
