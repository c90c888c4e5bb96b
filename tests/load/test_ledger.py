"""What is lost, doubled or from nowhere is noticed, by number; and a run through receiver and loader balances."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from ingest.stores import StoreSettings, clickhouse_client
from orchestration.stack.layout import Layout
from tests.ingest.processes import running, running_worker
from tests.load import ledger
from tests.load.ledger import Balance, balance_of
from tests.load.platform import Target, metrics, total, waiting

QUEUES = {"inbox", "INBOX", "EVENTS/loader"}  # of the others, other tests may have left something
ACCEPTED = np.array([202, 202, 0, 503], np.uint16)


def books(delivered: list[int], stored: list[int], **more: object) -> Balance:
    events = [(number, f"event {number}") for number in stored]
    return balance_of(ACCEPTED, delivered, events, settled_after_s=0.0, **more)  # type: ignore[arg-type]


def test_equal_books_balance_though_an_answer_was_lost_on_its_way() -> None:
    assert books([0, 1], [0, 1]).problems() == []
    assert books([0, 1, 2], [0, 1, 2]).is_balanced  # 2 got no answer and is there


@pytest.mark.parametrize(
    ("delivered", "stored", "problem"),
    [
        ([0], [0], "1 deliveries accepted and not on disk"),
        ([0, 1], [1], "1 deliveries on disk and not stored"),
        ([0, 1], [0, 1, 3], "1 deliveries stored and never accepted"),
        ([0, 1], [0, 1, 9], "1 deliveries stored and never accepted"),  # nobody has sent a number 9
        ([0, 1], [0, 1, 1], "1 deliveries stored twice"),
    ],
)
def test_a_difference_is_named(delivered: list[int], stored: list[int], problem: str) -> None:
    assert books(delivered, stored).problems() == [problem]


def test_two_events_of_one_delivery_are_stored_twice() -> None:
    events = [(0, "one"), (0, "another"), (1, "third")]
    balance = balance_of(ACCEPTED, [0, 1], events, settled_after_s=0.0)
    assert balance.problems() == ["1 deliveries stored twice"]


def test_who_was_erased_may_be_missing_and_nobody_else() -> None:
    assert books([0, 1], [0], without=[1]).is_balanced
    assert not books([0, 1], [], without=[1]).is_balanced


def test_what_is_stuck_does_not_balance() -> None:
    assert not replace(books([0, 1], [0, 1]), settled_after_s=None).is_balanced


def test_a_run_through_receiver_and_worker_balances_until_a_row_is_lost(
    embedded_stores: Layout, store_settings: StoreSettings
) -> None:
    with (
        running(embedded_stores, "ingest.webhooks", "IMPACT_PORT_WEBHOOKS") as receiver,
        running_worker(embedded_stores),
    ):
        ports = embedded_stores.ports.model_copy(update={"webhooks": int(receiver.url.rpartition(":")[2])})
        target = Target(replace(embedded_stores, ports=ports), store_settings)
        sent = ledger.send(target, rate=100, seconds=1, texts=True, connections=4)
        balance = ledger.settle_and_check(target, sent, queues=QUEUES)
        taken = total(metrics(target, "receiver"), "webhook_accepted_total")
    assert balance.problems() == []
    assert (balance.sent, balance.accepted, balance.stored) == (100, 100, 100)
    assert taken >= 100
    assert QUEUES <= waiting(target).keys()
    with closing(clickhouse_client(store_settings)) as clickhouse:
        clickhouse.command(
            "alter table raw.events delete where subject = {subject:String} settings mutations_sync = 2",
            {"subject": f"session/{sent.run}-7"},
        )
    assert ledger.check(target, sent).problems() == ["1 deliveries on disk and not stored"]
