"""One of everything that a company has and an address may name: a row of a known id in each walled table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.serving.figures import cohort_of

PLATFORM = "goodera"  # which no other test of the API connects
WORDS = "what only this company may read"
BODY = b'{"of": "this company"}'
_THEN = datetime(2026, 9, 14, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Things:
    """Ids of a company's things; the same each time they are made."""

    company_id: UUID

    def id(self, name: str) -> UUID:
        return uuid5(self.company_id, f"thing {name}")

    @property
    def in_paths(self) -> Mapping[str, str]:
        """What each name in an address stands for, where it is something of the company's."""
        return {
            "company_id": str(self.company_id), "cohort_id": str(cohort_of(self.company_id)),
            "participant_id": str(self.id("person")), "person_id": str(self.id("person")),
            "item_id": str(self.id("item")), "delivery_id": str(self.id("delivery")),
            "scheduled_id": str(self.id("delivery")), "schedule_id": str(self.id("schedule")),
            "request_id": str(self.id("request")), "consent_id": str(self.id("consent")),
            "restriction_id": str(self.id("restriction")), "key_id": str(self.id("key")),
            "platform": PLATFORM,
        }  # fmt: skip


def make(postgres: psycopg.Connection, company_id: UUID) -> Things:
    """Make what is not there; `remove` takes it back."""
    things = Things(company_id)
    for relation, row in _rows(things):
        _insert(postgres, relation, row)
    postgres.execute(  # append-only, with ids of its own
        "insert into privacy.request_events (request_id, state, progress, actor)"
        " select %s, 'held', 0, 'key:thing'"
        " where not exists (select from privacy.request_events where request_id = %s)",
        (things.id("request"), things.id("request")),
    )
    return things


def remove(postgres: psycopg.Connection, things: Things) -> None:
    """Take back all but what is append-only, with what became of it."""
    person = things.id("person")
    for statement, value in (
        ("delete from impact_in.scheduled_deliveries where slot_id = %s", things.id("slot")),
        ("delete from impact_in.slots where schedule_id = %s", things.id("schedule")),
        ("delete from impact_in.previews where schedule_id = %s", things.id("schedule")),
        ("delete from impact_in.schedules where schedule_id = %s", things.id("schedule")),
        ("delete from safety.review_items where item_id = %s", things.id("item")),
        ("delete from safety.text_views where item_id = %s", things.id("item")),
        ("delete from journey.people where person_id = %s", person),
        ("delete from journey.flags where person_id = %s", person),
        ("delete from journey.flag_history where person_id = %s", person),
        ("delete from journey.milestones where person_id = %s", person),
        ("delete from privacy.consents where person_id = %s", person),
        ("delete from privacy.restrictions where person_id = %s", person),
        ("delete from ingest.api_keys where key_id = %s", things.id("key")),
        ("update privacy.requests set state = 'cancelled', finished_at = now() where finished_at is null"
         " and subject_id = %s", person),
        ("delete from ingest.company_members where person_id = %s", person),
        ("delete from ingest.people where person_id = %s", person),
    ):  # fmt: skip
        postgres.execute(statement, (value,))
    postgres.execute(
        "delete from impact_in.connections where company_id = %s and platform = %s",
        (things.company_id, PLATFORM),
    )


def state(postgres: psycopg.Connection, company_id: UUID) -> dict[str, list[str]]:
    """Every row of every table that says it is the company's, to compare with what it was.

    But for what counts use or records looks, which change by being asked.
    """
    tables = postgres.execute(
        "select quote_ident(table_schema) || '.' || quote_ident(table_name)"
        " from information_schema.columns join information_schema.tables using (table_schema, table_name)"
        " where column_name = 'company_id' and table_type = 'BASE TABLE'"
        " and table_schema in ('ingest', 'journey', 'safety', 'impact_in', 'privacy') order by 1"
    ).fetchall()
    return {
        table: [
            row
            for (row,) in postgres.execute(
                f"select (to_jsonb(one) - 'last_used_at')::text from {table} as one"  # type: ignore[arg-type]
                " where company_id = %s order by 1",
                (company_id,),
            )
        ]
        for (table,) in tables
        if table != "ingest.admin_reads"
    }


def _insert(postgres: psycopg.Connection, relation: str, row: Mapping[str, Any]) -> None:
    postgres.execute(
        sql.SQL("insert into {} ({}) values ({}) on conflict do nothing").format(
            sql.Identifier(*relation.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    )


def _rows(things: Things) -> list[tuple[str, Mapping[str, Any]]]:
    """In the order in which they depend on each other."""
    company = {"company_id": things.company_id}
    person = {**company, "person_id": things.id("person")}
    request = {"request_id": things.id("request")}
    return [
        ("ingest.people", {"person_id": things.id("person"), "status": "known", "first_name": WORDS}),
        ("ingest.company_members", {**person, "joined_on": date(2025, 1, 1)}),
        *_journey(person),
        *_safety(things, person),
        *_impact_in(things, company),
        ("privacy.requests", {
            **request, **company, "right_asked": "rectification", "subject_id": things.id("person"),
            "state": "held", "reason": WORDS, "requested_by": "key:thing", "order_sha256": b"\0" * 32,
            "received_at": _THEN, "run_after": _THEN + timedelta(days=3650),
            "due_at": _THEN + timedelta(days=3660),
        }),
        ("privacy.downloads", {
            **request, "file_name": "thing.zip", "file_bytes": 1, "file_sha256": b"\0" * 32,
            "expires_at": _THEN + timedelta(days=3650),
        }),
        ("privacy.consents", {
            **person, "consent_id": things.id("consent"), "purpose": "data_sharing", "legal_basis": "consent",
            "text_version": 1, "language": "uk", "text_sha256": b"\0" * 32, "method": "checkbox",
            "granted_at": _THEN, "recorded_by": "key:thing",
        }),
        ("privacy.restrictions", {
            **person, **request, "restriction_id": things.id("restriction"), "ground": "accuracy",
            "restricted_at": _THEN, "applied_at": _THEN,
        }),
        ("ingest.api_keys", {
            **company, "key_id": things.id("key"), "name": "thing", "prefix": "teei_test_th",
            "key_sha256": hashlib.sha256(things.id("key").bytes).digest(), "role": "api_client",
        }),
        ("ingest.admin_reads", {
            **company, "request_id": things.id("admin read"), "asked_at": _THEN, "caller_id": "user:thing",
            "method": "GET", "route": "/thing",
        }),
    ]  # fmt: skip


def _journey(person: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        ("journey.people", {
            **person, "version": 1, "arrival_count": 0, "arrival_hash": 0, "rules_hash": "",
            "evaluated_through": _THEN, "states": b"",
        }),
        ("journey.flags", {
            **person, "flag": "mentor_ready", "is_set": True, "value": Jsonb(True), "rule_id": "thing",
            "rule_hash": "thing", "since": _THEN, "changed_at": _THEN,
        }),
        ("journey.flag_history", {
            **person, "rule_id": "thing", "rule_hash": "thing", "flag": "mentor_ready", "value": True,
            "valid_from": _THEN, "recorded_at": _THEN, "revision": 1, "cause": "event", "is_in_force": True,
            "facts": Jsonb({}), "unmet": Jsonb([]), "evidence": [], "run_id": person["person_id"],
        }),
        ("journey.milestones", {
            **person, "milestone": "mentor_ready", "reached_at": _THEN, "rule_id": "thing",
            "rule_hash": "thing", "evidence": [], "recorded_at": _THEN, "reason": WORDS,
        }),
    ]  # fmt: skip


def _safety(things: Things, person: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    item = {"item_id": things.id("item")}
    said = {"categories": ["harassment"], "rules": ["thing"], "language": "en", "safety_version": "thing"}
    return [
        ("safety.review_items", {
            **item, **person, **said, "text_id": things.id("text"), "event_id": things.id("event"),
            "text_type": "kintell_feedback", "written_at": _THEN, "action": "hold", "category": "harassment",
            "severity": "high", "confidence": 0.9, "is_crisis": False, "state": "pending",
            "raised_at": _THEN, "due_at": _THEN + timedelta(days=3650),
        }),
        ("safety.review_decisions", {
            **item, **said, "item_version": 1000, "review_id": things.id("review"), "reviewer": "key:thing",
            "decision": "escalated", "is_final": False, "is_flag_right": True, "notes": WORDS,
            "decided_at": _THEN,
        }),
    ]  # fmt: skip


def _impact_in(things: Things, company: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    platform = {**company, "platform": PLATFORM}
    period = {"period": "2026-08", "period_start": date(2026, 8, 1), "period_end": date(2026, 8, 31)}
    delivery = {"delivery_id": things.id("delivery")}
    return [
        ("impact_in.connections", {
            **platform, "connector": "goodera", "base_url": "https://api.goodera.example",
            "options": Jsonb({"thing": WORDS}), "updated_by": "key:thing",
        }),
        ("impact_in.secrets", {
            **platform, "secret_id": things.id("secret"), "name": "api_key", "sealed": b"\0" * 40,
            "created_by": "key:thing",
        }),
        ("impact_in.schedules", {
            **platform, "schedule_id": things.id("schedule"), "cadence": "monthly", "grain": "month",
            "next_due_at": _THEN + timedelta(days=3650), "created_by": "key:thing",
        }),
        ("impact_in.previews", {
            **platform, "preview_id": things.id("preview"), "schedule_id": things.id("schedule"),
            "grain": "month", "period": "2026-08", "connector": "goodera", "mapping_version": "thing",
            "data_version": 1, "body": BODY, "content_type": "application/json", "withheld": [],
            "payload_sha256": hashlib.sha256(BODY).digest(), "created_by": "key:thing",
        }),
        ("impact_in.slots", {
            **platform, **period, "slot_id": things.id("slot"), "schedule_id": things.id("schedule"),
            "grain": "month", "due_at": _THEN, "state": "filled",
        }),
        ("impact_in.scheduled_deliveries", {
            **platform, **period, **delivery, "slot_id": things.id("slot"), "connector": "goodera",
            "mapping_version": "thing", "data_version": 1, "body": BODY, "content_type": "application/json",
            "payload_sha256": hashlib.sha256(BODY).digest(), "idempotency_key": str(things.id("delivery")),
            "status": "failed", "due_at": _THEN, "finished_at": _THEN, "error_class": "rejected",
        }),
        ("impact_in.attempts", {
            **delivery, "attempt_id": things.id("attempt"), "number": 1, "kind": "send", "started_at": _THEN,
            "finished_at": _THEN, "payload_sha256": hashlib.sha256(BODY).digest(), "decision": "give_up",
        }),
        ("impact_in.callbacks", {
            **delivery, "event_id": things.id("callback"), "platform": PLATFORM, "provider_event": "thing",
            "provider_reference": "thing", "outcome": "failed", "occurred_at": _THEN, "state": "applied",
        }),
    ]  # fmt: skip
