"""What each consumer relies on is written down as a contract, by the consumer's own code at work.

`WRITE_PACTS=1 python -m pytest tests/contracts/test_consumers.py` writes the contracts anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from impact_client import Impact, Retries, Update, problems
from impact_client.updates import Reset, event_of
from ingest.forwarding import update_of
from tests.contracts.conftest import body
from tests.contracts.gateway import ReportingGateway
from tests.contracts.names import (
    API,
    COMPANY,
    HAS_BEGUN,
    HAS_FIGURES,
    HAS_MODEL,
    IS_KNOWN,
    JOURNEY_ENGINE,
    KEY,
    LIVE_UPDATES,
    OTHER_COMPANY,
    PARTICIPANT,
    PERSON,
)

Contract = Callable[..., AbstractContextManager[Any]]
JSON = "application/json"
PROBLEM = "application/problem+json"
COMPANY_PATH = f"/v1/companies/{COMPANY}"
REACHED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def like(example: Any) -> Any:
    """The same names and types; what the values are is the provider's business."""
    from pact import match

    return match.like(example)


def asked(pact: Any, what: str, method: str, path: str, *states: str, **query: str) -> Any:
    interaction = pact.upon_receiving(what)
    for state in (HAS_FIGURES, *states):
        interaction = interaction.given(state)
    interaction = interaction.with_request(method, path).with_header("Authorization", f"Bearer {KEY}")
    return interaction.with_query_parameters(query) if query else interaction


def answers(interaction: Any, status: int, example: Any, kind: str = JSON) -> Any:
    from pact import match

    return (
        interaction.will_respond_with(status)
        .with_header("Content-Type", match.regex(kind, regex=rf"^{kind.replace('+', '[+]')}"))
        .with_body(like(example), kind)
    )


def test_the_python_client(contract: Contract) -> None:
    with contract("python-sdk", API) as pact:
        answers(
            asked(pact, "a page of months", "GET", f"{COMPANY_PATH}/metrics", grain="month", limit="1"),
            200, body("metrics"),
        )  # fmt: skip
        answers(
            asked(pact, "the SROI of a quarter", "GET", f"{COMPANY_PATH}/sroi", period="2026-Q2",
                  variant="employment_npv", scenario="base"),
            200, body("sroi"),
        )  # fmt: skip
        answers(
            asked(pact, "the VIS of a quarter", "GET", f"{COMPANY_PATH}/vis", period="2026-Q2", top="1"),
            200, body("vis"),
        )  # fmt: skip
        answers(
            asked(pact, "another company's months", "GET", f"/v1/companies/{OTHER_COMPANY}/metrics",
                  grain="month", limit="100"),
            403, body("company-forbidden"), PROBLEM,
        )  # fmt: skip
        answers(
            asked(pact, "a participant's flags", "GET", f"/v1/journey/participants/{PARTICIPANT}/flags",
                  HAS_BEGUN, companyId=str(COMPANY)),
            200, body("flags"),
        )  # fmt: skip
        answers(
            asked(pact, "a milestone to record", "POST", f"/v1/journey/milestones/{PARTICIPANT}/job_ready",
                  HAS_BEGUN, companyId=str(COMPANY))
            .with_body({"reached_at": REACHED_AT.isoformat(), "reason": "signed a contract"}, JSON),
            201, body("milestone"),
        )  # fmt: skip
        answers(
            asked(pact, "a text to label", "POST", "/v1/q2q/classify", HAS_MODEL, companyId=str(COMPANY))
            .with_header("Idempotency-Key", like("contract-1"))
            .with_body({"text": "We rewrote my CV together and I sent it to two employers.", "language": "en",
                        "provider": "auto", "context": {"type": "other"}}, JSON),
            200, body("classified"),
        )  # fmt: skip
        answers(
            asked(pact, "an export to make", "POST", "/v1/privacy/export", IS_KNOWN)
            .with_header("Idempotency-Key", like("contract-2"))
            .with_body({"subject": {"person_id": str(PERSON)}, "right": "access"}, JSON),
            202, body("privacy-request"),
        )  # fmt: skip
        answers(
            asked(pact, "failed deliveries", "GET", "/v1/impact-in/deliveries", status="failed", limit="50",
                  companyId=str(COMPANY)),
            200, body("deliveries"),
        )  # fmt: skip
        with pact.serve("127.0.0.1") as server, Impact(
            str(server.url), KEY, company_id=COMPANY, retries=Retries(attempts=1)
        ) as impact:  # fmt: skip
            assert impact.reporting.get_metrics(limit=1).items[0].period == "2025-10"
            assert impact.reporting.get_sroi(
                period="2026-Q2", variant="employment_npv", scenario="base"
            ).results
            assert impact.reporting.get_vis(period="2026-Q2", top=1).top_volunteers[0].rank == 1
            with pytest.raises(problems.CompanyForbidden):
                impact.reporting.get_metrics(OTHER_COMPANY)
            assert impact.journey.get_flags(PARTICIPANT).participant_id == PARTICIPANT
            reached = impact.journey.trigger_milestone(
                PARTICIPANT, "job_ready", reason="signed a contract", reached_at=REACHED_AT
            )
            assert reached.is_reached
            labelled = impact.q2q.classify(
                "We rewrote my CV together and I sent it to two employers.",
                language="en",
                idempotency_key="contract-1",
            )
            assert labelled.model.provider == "local"
            asked_for = impact.privacy.request_export(PERSON, idempotency_key="contract-2")
            assert asked_for.right == "access"
            assert impact.impact_in.list_deliveries(statuses=["failed"]).next_cursor is None


def test_the_gateway_before_reporting(contract: Contract) -> None:
    from pact import match

    path = f"{COMPANY_PATH}/at-a-glance"
    etag = match.regex('"1-0123456789abcdef"', regex=r'^"[0-9]+-[0-9a-f]{16}"$')
    request_id = match.uuid("6a1f0c52-3f0e-4b52-9a55-0c8f8f1f7a10")
    page = body("at-a-glance")
    with contract("gateway-reporting", API) as pact:
        (
            answers(asked(pact, "a quarter on one page", "GET", path, period="2026-Q2"), 200, page)
            .with_header("ETag", etag, "Response")
            .with_header("X-Request-ID", request_id, "Response")
            .with_header("X-RateLimit-Remaining", match.regex("99", regex=r"^[0-9]+$"), "Response")
        )
        (
            pact.upon_receiving("the same without a credential")
            .given(HAS_FIGURES)
            .with_request("GET", path)
            .with_query_parameters({"period": "2026-Q2"})
            .will_respond_with(401)
            .with_header("WWW-Authenticate", match.regex("Bearer", regex="^Bearer.*"), "Response")
            .with_header("X-Request-ID", request_id, "Response")
            .with_body(
                {"type": "/problems/unauthenticated", "status": 401, "title": like("x"), "detail": like("x")},
                PROBLEM,
            )
        )
        (
            asked(pact, "a period that is none", "GET", path, period="2026-Q5")
            .will_respond_with(422)
            .with_header("X-Request-ID", request_id, "Response")
            .with_body(
                {
                    "type": "/problems/invalid-parameter", "status": 422,
                    "errors": match.each_like({"location": "query.period", "message": like("x")}, min=1),
                },
                PROBLEM,
            )
        )  # fmt: skip
        with pact.serve("127.0.0.1") as server, closing(ReportingGateway(str(server.url))) as gateway:
            query = f"{path}?period=2026-Q2"
            assert gateway.get(query, None).status == 401
            first = gateway.get(query, KEY)
            assert first.status == 200
            assert first.body["inputs"]["total_sessions"] == page["inputs"]["total_sessions"]
            assert first.remaining == 99
            refused = gateway.get(f"{path}?period=2026-Q5", KEY)
            assert refused.body["errors"][0]["location"] == "query.period"


def test_the_bridge_from_events_to_live_updates(contract: Contract) -> None:
    """Its consumer is the forwarder, which makes updates of the journey engine's events."""
    from pact import match

    envelope = {
        "specversion": "1.0", "id": match.uuid("0b9c5c9e-5f1d-5d0c-8a39-6f1d6c9e7d42"), "source": "/journey/engine",  # noqa: E501
        "subject": like("flag/x/y/z"), "time": _moment(), "datacontenttype": "application/json",
        "dataschema": like("/schemas/x.json"),
        "companyid": match.uuid(str(COMPANY)),
        "personid": match.uuid(str(PARTICIPANT)), "sourcetime": _moment(), "origin": like("journey:1"),
    }  # fmt: skip
    seen: list[dict[str, Any]] = []

    def bridge(contents: Any, metadata: dict[str, object]) -> None:
        made = update_of(contents if isinstance(contents, bytes) else contents.encode())
        assert made is not None, "the event does not become an update"
        seen.append(json.loads(made.payload))

    with contract("sse-bridge", JOURNEY_ENGINE) as pact:
        (
            pact.upon_receiving("a milestone that was reached", "Async")
            .with_body(
                {
                    **envelope, "type": "orchestration.milestone.reached",
                    "data": {
                        "userId": match.uuid(str(PARTICIPANT)), "ruleId": like("by_hand"),
                        "milestone": like("job_ready"), "reason": like("signed"), "reachedAt": _moment(),
                    },
                },
                JSON,
            )
        )  # fmt: skip
        (
            pact.upon_receiving("a flag that changed", "Async")
            .with_body(
                {
                    **envelope, "type": "orchestration.flag.updated",
                    "data": {
                        "userId": match.uuid(str(PARTICIPANT)), "companyId": match.uuid(str(COMPANY)),
                        "ruleId": like("mentor_ready_001"), "flag": like("mentor_ready"), "value": like(True),
                        "reason": like("3 sessions"), "evaluatedAt": _moment(),
                    },
                },
                JSON,
            )
        )  # fmt: skip
        pact.verify(bridge, kind="Async")
    assert {(one["type"], one["companyId"]) for one in seen} == {
        ("journey.milestone.reached", str(COMPANY)), ("journey.flag.updated", str(COMPANY))
    }  # fmt: skip
    assert all(one["data"]["userId"] == str(PARTICIPANT) for one in seen)


def test_the_python_clients_live_updates(contract: Contract) -> None:
    """One message is one server-sent event: its data as the contents, its name and id beside it."""
    from pact import match

    seen: list[object] = []

    def client(contents: Any, metadata: dict[str, object]) -> None:
        text = contents.decode() if isinstance(contents, bytes) else contents
        seen.append(event_of(str(metadata["id"]), str(metadata["event"]), text))

    event_id = match.regex("19ab3c5d7e0-4711", regex=r"^[0-9a-f]+-[0-9]+$")
    base = {"companyId": match.uuid(str(COMPANY)), "time": _moment()}
    with contract("python-sdk", LIVE_UPDATES) as pact:
        for name, data in {
            "metric.updated": {
                "metric": like("sessions_count"), "periodGrain": like("month"), "period": like("2026-09"),
                "value": match.number(31), "previousValue": match.number(30), "dataVersion": match.int(2),
            },
            "journey.milestone.reached": {
                "userId": match.uuid(str(PARTICIPANT)), "milestone": like("job_ready"), "reachedAt": _moment(),  # noqa: E501
            },
        }.items():  # fmt: skip
            (
                pact.upon_receiving(name, "Async")
                .with_body({**base, "type": name, "data": data}, JSON)
                .with_metadata({"event": name, "id": event_id})
            )
        (
            pact.upon_receiving("reset", "Async")
            .with_body({"reason": "malformed"}, JSON)
            .with_metadata({"event": "reset", "id": event_id})
        )
        pact.verify(client, kind="Async")
    kinds = [type(one) for one in seen]
    assert (kinds.count(Update), kinds.count(Reset)) == (2, 1)
    assert all(one.company_id == UUID(str(COMPANY)) for one in seen if isinstance(one, Update))


def _moment() -> Any:
    from pact import match

    return match.regex("2026-09-01T12:00:00.000001Z", regex=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
