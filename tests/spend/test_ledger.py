"""No call is made that could pass a cap: not with 200 at once, not after a kill, not over a month's end."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from ingest.events import decode
from nlp.spend.budget import CapError, set_cap
from nlp.spend.cost import Tokens
from nlp.spend.happenings import BudgetExceeded, BudgetWarned, CallRecorded
from nlp.spend.ledger import (
    Call,
    CapReachedError,
    Reservation,
    Settlement,
    reserve,
    settle,
    settle_expired,
)
from orchestration.stack.layout import Layout
from tests.spend.conftest import NOW, World

AN_HOUR = timedelta(hours=1)
A_DOLLAR = 1_000_000


def call_of(company: UUID, *, is_batch: bool = False) -> Call:
    return Call(
        company, "anthropic", "claude-haiku-5-5", "q2q-haiku55-v3", "q2q_scoring", uuid4(), is_batch=is_batch
    )


def put_aside(world: World, company: UUID, microdollars: int, *, is_batch: bool = True) -> Reservation:
    with world.connect() as connection:
        return reserve(
            connection, world.announce, call_of(company, is_batch=is_batch), microdollars,
            at=world.now, valid_for=AN_HOUR,
        )  # fmt: skip


def pay(world: World, reservation: Reservation, microdollars: int | None, outcome: str = "answered") -> int:
    with world.connect() as connection:
        settlement = Settlement(outcome, world.now, microdollars, Tokens(input=10, output=5), latency_ms=20.0)
        return settle(connection, world.announce, reservation.call_id, settlement)


def test_money_is_put_aside_and_what_is_not_spent_comes_back(world: World, company: UUID) -> None:
    reservation = put_aside(world, company, 4 * A_DOLLAR)
    assert world.budget(company).remaining_microdollars == 6 * A_DOLLAR
    assert pay(world, reservation, 1_234_567) == 1_234_567
    budget = world.budget(company)
    assert (budget.spent_microdollars, budget.reserved_microdollars) == (1_234_567, 0)
    assert pay(world, reservation, 9 * A_DOLLAR) == 1_234_567  # settled is settled
    assert world.budget(company) == budget


def test_the_last_micro_dollar_can_be_spent_and_not_one_more(world: World, company: UUID) -> None:
    put_aside(world, company, 10 * A_DOLLAR - 1)
    with pytest.raises(CapReachedError, match=r"could cost \$0\.000002") as refused:
        put_aside(world, company, 2)
    assert refused.value.budget.resets_at == datetime(2026, 12, 1, tzinfo=UTC)
    put_aside(world, company, 1)
    assert world.budget(company).mode == "local"


def test_two_hundred_at_once_at_the_edge_of_a_cap(
    world: World, new_company: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    company = new_company("0.0137")  # 13,700 micro-dollars: 137 of the 200 fit

    def one(_: int) -> bool:
        try:
            put_aside(world, company, 100)
        except CapReachedError:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        granted = sum(threads.map(one, range(200)))
    assert granted == 137
    budget = world.budget(company)
    assert budget.reserved_microdollars == budget.cap_microdollars == 13_700
    assert budget.refused_count == 63
    told = [h.refused_count for h in world.happened if isinstance(h, BudgetExceeded)]
    assert sorted(told) == [1, 2, 4, 8, 16, 32]  # one fact, not sixty-three messages


KILLED = textwrap.dedent(
    """
    import os, sys, threading
    from contextlib import closing
    from datetime import UTC, datetime, timedelta
    from uuid import UUID, uuid4
    import psycopg
    from nlp.spend.ledger import Call, CapReachedError, Settlement, reserve, settle

    url, company, at = sys.argv[1], UUID(sys.argv[2]), datetime.fromisoformat(sys.argv[3])

    def quiet(*_):
        pass

    def work(settles):
        with closing(psycopg.connect(url)) as connection:
            while True:
                call = Call(company, "anthropic", "claude", "v", "q2q_scoring", uuid4(), is_batch=True)
                try:
                    kept = reserve(connection, quiet, call, 100, at=at, valid_for=timedelta(minutes=1))
                except CapReachedError:
                    continue
                os.write(1, b"granted\\n")
                if settles:
                    settle(connection, quiet, kept.call_id, Settlement("answered", at, 60))

    for settles in (True, True, False):
        threading.Thread(target=work, args=(settles,), daemon=True).start()
    threading.Event().wait()
    """
)


def test_a_killed_process_leaves_no_way_past_the_cap(
    world: World,
    new_company: Callable[..., UUID],
    postgres: psycopg.Connection,
    embedded_stores: Layout,
) -> None:
    company = new_company("0.03")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, embedded_stores.postgres_url, str(company), NOW.isoformat()],
        stdout=subprocess.PIPE,
    )
    try:
        for _ in range(60):
            assert child.stdout.readline() == b"granted\n"
    finally:
        child.kill()  # SIGKILL
        child.wait()
        child.stdout.close()

    def ours(_: int) -> int:
        try:
            return put_aside(world, company, 100).microdollars
        except CapReachedError:
            return 0

    with ThreadPoolExecutor(20) as threads:
        granted = sum(threads.map(ours, range(300)))
    assert granted > 0
    # Postgres may still be rolling back what the killed process had begun.
    budget = world.budget(company)
    assert budget.committed_microdollars <= budget.cap_microdollars == 30_000
    assert budget.remaining_microdollars < 100  # and nobody was turned away while money was there
    kept, spent = postgres.execute(
        "select"
        " (select coalesce(sum(reserved_microdollars), 0)::bigint from ai.reservations"
        "  where company_id = %(c)s),"
        " (select coalesce(sum(cost_microdollars), 0)::bigint from ai.ledger where company_id = %(c)s)",
        {"c": company},
    ).fetchone()
    assert (budget.reserved_microdollars, budget.spent_microdollars) == (kept, spent)
    # What nobody came back to is spent at the worst case: nothing becomes free by a crash.
    world.later(hours=2)
    with world.connect() as connection:
        assert settle_expired(connection, world.announce, at=world.now) >= kept // 100
    after = world.budget(company)
    assert after.reserved_microdollars == 0
    assert after.spent_microdollars == budget.committed_microdollars


def test_an_expired_call_that_is_settled_after_all_is_corrected(
    world: World, company: UUID, postgres: psycopg.Connection
) -> None:
    reservation = put_aside(world, company, A_DOLLAR)
    world.later(hours=2)
    with world.connect() as connection:
        settle_expired(connection, world.announce, at=world.now)
    assert world.budget(company).spent_microdollars == A_DOLLAR
    world.later(minutes=1)
    assert pay(world, reservation, 500) == 500
    assert world.budget(company).spent_microdollars == 500
    rows = postgres.execute(
        "select outcome, cost_microdollars, called_at from ai.ledger where company_id = %s", (company,)
    ).fetchall()
    assert rows == [("answered", 500, NOW)]
    days = postgres.execute(
        "select outcome, calls_count, cost_microdollars from ai.daily_costs where company_id = %s order by 1",
        (company,),
    ).fetchall()
    assert days == [("answered", 1, 500), ("expired", 0, 0)]
    recorded = [h for h in world.happened if isinstance(h, CallRecorded) and h.company_id == company]
    assert [h.cost_microdollars for h in recorded] == [A_DOLLAR, 500]
    assert len({h.call_id for h in recorded}) == 1


def test_thresholds_are_announced_once_in_the_transaction_that_reached_them(
    world: World, company: UUID, postgres: psycopg.Connection
) -> None:
    for dollars in (Decimal("7.9"), Decimal("0.1"), Decimal("0.5"), Decimal("1.2"), Decimal("0.1")):
        amount = int(dollars * A_DOLLAR)
        pay(world, put_aside(world, company, amount), amount)
    warned = [h for h in world.happened if isinstance(h, BudgetWarned)]
    assert [(h.threshold, h.spent_microdollars) for h in warned] == [
        (80, 8 * A_DOLLAR), (90, 9_700_000), (95, 9_700_000),
    ]  # fmt: skip
    sent = postgres.execute(
        "select subject, event from ingest.event_outbox where subject like %s order by outbox_id",
        (f"events.{company}.ai.budget.%",),
    ).fetchall()
    events = [decode(event) for _, event in sent]
    assert [event.subject for event in events] == [
        f"ai-budget/{company}/2026-11/{threshold}" for threshold in (80, 90, 95)
    ]
    assert events[1].data.spent == pytest.approx(9.7)


def test_an_announcement_that_fails_takes_its_transaction_with_it(world: World, company: UUID) -> None:
    reservation = put_aside(world, company, A_DOLLAR)

    def broken(*_: object) -> None:
        raise RuntimeError("the outbox is full")

    with world.connect() as connection, pytest.raises(RuntimeError, match="outbox"):
        settle(connection, broken, reservation.call_id, Settlement("answered", NOW, 1))
    assert world.budget(company).reserved_microdollars == A_DOLLAR


def test_direct_calls_end_at_95_percent_and_batches_go_on(world: World, company: UUID) -> None:
    first = put_aside(world, company, 9_400_000, is_batch=False)
    pay(world, first, 9_400_000)
    assert world.budget(company).mode == "direct"
    pay(world, put_aside(world, company, 200_000, is_batch=False), 200_000)
    assert world.budget(company).mode == "batch"
    with pytest.raises(CapReachedError, match="95 % of it is used") as refused:
        put_aside(world, company, 100, is_batch=False)
    assert refused.value.is_saving
    assert world.budget(company).refused_count == 0  # the cap was not in the way
    put_aside(world, company, 400_000)
    assert world.budget(company).mode == "local"


def test_a_month_is_utcs_and_begins_with_its_whole_cap(world: World, company: UUID) -> None:
    world.now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    last = put_aside(world, company, 10 * A_DOLLAR)
    oslo = datetime(2026, 12, 1, 0, 30, tzinfo=UTC).astimezone(datetime.strptime("+0100", "%z").tzinfo)
    world.now = oslo - timedelta(hours=1)  # in Oslo it is December already
    with pytest.raises(CapReachedError):
        put_aside(world, company, 1)
    world.now = datetime(2026, 12, 1, tzinfo=UTC)
    put_aside(world, company, 10 * A_DOLLAR)
    pay(world, last, 5)  # belongs to the month it was put aside in
    assert world.budget(company).spent_microdollars == 0
    world.now = datetime(2026, 11, 30, tzinfo=UTC)
    assert world.budget(company).spent_microdollars == 5


def test_caps_are_dated_and_a_company_without_one_has_everybodys(
    world: World, new_company: Callable[..., UUID], postgres: psycopg.Connection
) -> None:
    company = new_company()
    assert world.budget(company).cap_microdollars == 1000 * A_DOLLAR
    set_cap(postgres, company, Decimal(5), date(2026, 11, 28), set_by="test")
    assert world.budget(company).cap_microdollars == 1000 * A_DOLLAR
    world.later(days=1)
    assert world.budget(company).cap_microdollars == 5 * A_DOLLAR
    set_cap(postgres, company, Decimal(0), date(2026, 11, 28), set_by="test")
    with pytest.raises(CapReachedError):
        put_aside(world, company, 1)


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1000000.000001", "0.0000001"])
def test_a_cap_that_makes_no_sense_is_refused(
    postgres: psycopg.Connection, company: UUID, amount: str
) -> None:
    with pytest.raises(CapError):
        set_cap(postgres, company, Decimal(amount), NOW.date(), set_by="test")


def test_an_unknown_company_spends_nothing(world: World, postgres: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        put_aside(world, uuid4(), 1)
    with pytest.raises(CapError, match="no company"):
        set_cap(postgres, uuid4(), Decimal(1), NOW.date(), set_by="test")


def test_money_is_never_put_aside_inside_somebodys_transaction(world: World, company: UUID) -> None:
    with (
        world.connect() as connection,
        connection.transaction(),
        pytest.raises(ValueError, match="a transaction of its own"),
    ):
        reserve(connection, world.announce, call_of(company), 1, at=NOW, valid_for=AN_HOUR)


def test_settling_and_expiring_at_once_counts_a_call_once(world: World, company: UUID) -> None:
    kept = [put_aside(world, company, 1000) for _ in range(30)]
    world.later(hours=2)

    def expire(_: int) -> None:
        with world.connect() as connection:
            settle_expired(connection, world.announce, at=world.now)

    with ThreadPoolExecutor(8) as threads:
        sweeps = [threads.submit(expire, n) for n in range(3)]
        paid = list(threads.map(lambda reservation: pay(world, reservation, 7), kept))
        for sweep in sweeps:
            sweep.result()
    budget = world.budget(company)
    assert budget.reserved_microdollars == 0
    assert paid == [7] * 30
    assert budget.spent_microdollars == 7 * 30
