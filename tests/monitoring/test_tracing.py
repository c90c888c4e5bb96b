"""Traces say what happened to whom in what order when they are on, and are not there when they are off."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import dagster as dg
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from ingest import logs, tracing
from ingest.contracts.kintell import KintellRatingCreated
from ingest.events import decode_parts, encode, new_event
from ingest.normalise.delivery import AcceptedDelivery
from orchestration import run_tracing
from tests.monitoring.otlp import Collector, collecting

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
NOT_SAMPLED = PARENT[:-2] + "00"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
def traced(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """This process sends its traces to the collector."""
    monkeypatch.setenv(tracing.ENDPOINT, collector.endpoint)
    monkeypatch.setattr(tracing, "_tracer", None)
    monkeypatch.setattr(tracing, "_provider", None)
    tracing.configure("test")
    yield collector
    assert tracing._provider is not None
    tracing._provider.shutdown()


def test_off_the_sdk_is_not_even_loaded() -> None:
    code = (
        "import sys, ingest.webhooks.__main__, ingest.worker.__main__; from ingest import tracing;"
        " tracing.configure('test'); assert not tracing.is_on();"
        " print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (PARENT.encode(), PARENT),
        (NOT_SAMPLED, NOT_SAMPLED),
        (None, None),
        ("", None),
        (PARENT.upper(), None),
        (PARENT + "-00", None),
        ("01" + PARENT[2:], None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (PARENT + "\n", None),
        ("'; drop table traces", None),
    ],
)
def test_only_the_standard_form_of_a_header_is_taken(given: str | bytes | None, known: str | None) -> None:
    assert tracing.read_traceparent(given) == known


def _event(traceparent: str | None) -> bytes:
    data = KintellRatingCreated(
        rating_id=UUID(int=1), session_id=UUID(int=2), from_role="participant", rating=0.75, created_at=NOW
    )
    event = new_event(
        data,
        subject="rating/r-1",
        company_id=None,
        source="/webhooks/kintell",
        source_time=NOW,
        origin="kintell:d-1",
        traceparent=traceparent,
    )
    return encode(event)


def test_an_event_carries_its_trace_and_is_the_same_event() -> None:
    with_trace, without = _event(PARENT), _event(None)
    assert b"traceparent" not in without
    assert decode_parts(with_trace)[0].traceparent == PARENT
    assert decode_parts(with_trace)[0].id == decode_parts(without)[0].id


def test_a_delivery_that_comes_again_keeps_its_trace() -> None:
    delivery = AcceptedDelivery("kintell", "session-completed", "d-1", NOW, NOW, b"{}", traceparent=PARENT)
    assert AcceptedDelivery.of(delivery.message()).traceparent == PARENT


def test_hops_of_one_trace_hang_together(traced: Collector) -> None:
    received = tracing.begin("POST /v1/webhooks/kintell", PARENT, kind="rating")
    with tracing.spans("normalise", [received.traceparent, None, NOT_SAMPLED]) as handed_on:
        assert handed_on[1:] == [None, None]
    received.end(status=202)
    recorded = tracing.record("load", [_event(handed_on[0]), _event(None), b"{", b"[]"], tracing.now_ns())
    assert len(recorded) == 1
    tracing.flush()
    seen = {
        one.span.name: one
        for one in traced.wait_for(TRACE, {"POST /v1/webhooks/kintell", "normalise", "load"}, patience_s=10)
    }
    first, second, third = (seen[name].span for name in ("POST /v1/webhooks/kintell", "normalise", "load"))
    assert first.parent_span_id.hex() == "00f067aa0ba902b7"
    assert (second.parent_span_id, third.parent_span_id) == (first.span_id, second.span_id)
    assert seen["load"].process == "impact-test"
    assert seen["POST /v1/webhooks/kintell"].attributes == {"impact.kind": "rating", "impact.status": 202}


def test_a_step_that_fails_is_an_error(traced: Collector) -> None:
    parent = f"00-{'a' * 32}-00f067aa0ba902b7-01"
    with pytest.raises(RuntimeError), tracing.spans("normalise", [parent]):
        raise RuntimeError
    tracing.flush()
    [seen] = traced.wait_for("a" * 32, {"normalise"}, patience_s=10)
    assert seen.span.status.code == Status.STATUS_CODE_ERROR


def test_log_lines_name_the_span_they_belong_to(
    traced: Collector, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    logs.configure("test")
    try:
        hop = tracing.begin("GET API", PARENT)
        with hop.current():
            logging.getLogger("somebody").warning("inside")
        logging.getLogger("somebody").warning("outside")
    finally:
        root.setLevel(level)
    inside, outside = capsys.readouterr().out.splitlines()[-2:]
    assert f'"trace_id": "{TRACE}"' in inside
    assert "trace_id" not in outside


def test_a_run_is_a_trace_of_its_own_that_links_to_the_loads_before_it(
    traced: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def built(context) -> None:
        with run_tracing.traced(context, "build marts") as hop:
            assert hop is not None
            hop.note(data_version=7)

    with dg.DagsterInstance.ephemeral() as instance:
        for metadata in ({"traces": f"{PARENT} nonsense"}, {"loaded_row_count": 3}):
            instance.report_runless_asset_event(
                dg.AssetMaterialization(dg.AssetKey(["raw", "events"]), metadata=metadata)
            )
        run_id = dg.materialize([built], instance=instance).run_id
    [seen] = traced.wait_for(run_id.replace("-", ""), {"build marts"}, patience_s=10)
    assert [link.trace_id.hex() for link in seen.span.links] == [TRACE]
    assert seen.attributes == {"impact.run_id": run_id, "impact.data_version": 7}


def test_off_a_run_is_not_traced() -> None:
    @dg.asset
    def built(context) -> None:
        with run_tracing.traced(context, "build marts") as hop:
            assert hop is None

    assert dg.materialize([built]).success
