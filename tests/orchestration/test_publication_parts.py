"""Of a mart, the quarters of companies that changed are compared with what is served, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from orchestration.publication import parts
from orchestration.publication.publish import count_differences
from tests.orchestration.publishing import MARTS, METRICS, Stage, month


def test_only_quarters_of_companies_that_changed_are_compared(stage: Stage) -> None:
    """What somebody wrote into a served row by hand tells whether the row was looked at."""
    one, other = uuid4(), uuid4()
    rows = [month(company, period) for company in (one, other) for period in ("2026-05", "2026-08")]
    stage.fill_mart(*rows)
    stage.publish()
    stage.postgres.execute(f"update {METRICS.served} set volunteer_hours = 99")
    rows[3] |= {"sessions_count": 5}
    stage.fill_mart(*rows)
    assert stage.publish().changed_rows[METRICS.name] == 1
    by_hand = (
        f"select company_id, period from {METRICS.served} where volunteer_hours = 99"
        " order by company_id <> %s, period"
    )
    assert stage.postgres.execute(by_hand, (one,)).fetchall() == [
        (one, "2026-05"), (one, "2026-08"), (other, "2026-05"),
    ]  # fmt: skip
    assert stage.publish().data_version is None
    # The nightly comparison finds what was written, and has the next publication mend it.
    assert count_differences(stage.postgres, stage.clickhouse, METRICS, marts=MARTS) == (4, 3)
    assert stage.publish().changed_rows[METRICS.name] == 3
    assert stage.postgres.execute(by_hand, (one,)).fetchall() == []


def test_a_served_table_that_lost_rows_gets_them_back(stage: Stage) -> None:
    rows = [month(uuid4()), month(uuid4())]
    stage.fill_mart(*rows)
    stage.publish()
    stage.postgres.execute(f"delete from {METRICS.served} where company_id = %s", (rows[0]["company_id"],))
    assert stage.publish().changed_rows[METRICS.name] == 1
    assert stage.one(f"select count(*) from {METRICS.served}") == 2


def test_of_many_companies_the_quarters_that_changed_are_compared(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "NAMED_COMPANIES", 1)
    companies = [uuid4() for _ in range(3)]
    past, present = ([month(company, period) for company in companies] for period in ("2026-05", "2026-08"))
    stage.fill_mart(*past, *present)
    stage.publish()
    stage.postgres.execute(f"update {METRICS.served} set volunteer_hours = 99")
    # Two companies change; the third is looked at as well, in the quarter of their changes.
    stage.fill_mart(*past, *({**row, "sessions_count": 5} for row in present[:2]), present[2])
    assert stage.publish().changed_rows[METRICS.name] == len(companies)
    assert stage.one(
        f"select array_agg(distinct period) from {METRICS.served} where volunteer_hours = 99"
    ) == ["2026-05"]
