"""What people have agreed to, and whose data may not be used for now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from fastapi import APIRouter, Response

from orchestration.privacy.requests import acts, consents
from orchestration.privacy.requests.consents import ConsentError, Grant
from orchestration.privacy.requests.model import Order
from serving.dependencies import Services
from serving.openapi import (
    PRIVACY_ASK_PROBLEMS,
    PRIVACY_LIST_PROBLEMS,
    PRIVACY_PERSON_PROBLEMS,
    PRIVACY_READ_PROBLEMS,
)
from serving.privacy_access import AnAsker, AnOfficer, Asker, company_of, in_postgres, in_stores, subject_for
from serving.problems import PRIVACY_REQUEST_NOT_FOUND, ProblemError, invalid_parameter
from serving.queries import privacy
from serving.routers.privacy_schemas import (
    Consent,
    ConsentOrder,
    ConsentWords,
    ConsentWordsList,
    PersonRecord,
    Restriction,
    SubjectReference,
)

router = APIRouter(prefix="/v1/privacy", tags=["privacy"])


@router.get("/consent-texts", responses=PRIVACY_LIST_PROBLEMS)
async def list_consent_texts(_: AnAsker) -> ConsentWordsList:
    """The words people are asked with, every version of them, in English, Ukrainian and Norwegian."""
    return ConsentWordsList(
        items=[
            ConsentWords(
                purpose=one.purpose, version=one.version, language=one.language, words=one.words,
                sha256=one.sha256.hex(),
            )
            for one in consents.texts()
        ]
    )  # fmt: skip


@router.post("/consents", status_code=201, responses=PRIVACY_ASK_PROBLEMS)
async def record_consent(who: AnAsker, services: Services, order: ConsentOrder) -> Consent:
    """Record what a person has agreed to. It replaces the consent for the same purpose."""
    company_id = company_of(who, order.company_id)

    def work(connection: psycopg.Connection, clickhouse: Any) -> consents.Consent:
        subject = subject_for(connection, clickhouse, who, order.subject, company_id)
        given = Grant(
            subject.person_id, company_id, order.purpose, order.text_version, order.language, order.method,
            order.legal_basis, order.granted_at, order.expires_at,
        )  # fmt: skip
        return consents.grant(connection, given, actor=who.actor)

    try:
        return _consent(await in_stores(services.settings, work))
    except ConsentError as error:
        raise invalid_parameter("body", str(error)) from None


@router.post("/consents/{consent_id}/withdraw", responses=PRIVACY_READ_PROBLEMS)
async def withdraw_consent(who: AnAsker, services: Services, consent_id: UUID) -> Consent:
    """End a consent. Without the one to analytics, the person's texts are withdrawn from every reader."""

    def work(connection: psycopg.Connection) -> consents.Consent | None:
        with connection.transaction():
            ended = consents.withdraw(
                connection, consent_id, company_id=who.company_id, own_id=who.own_id, actor=who.actor
            )
            if ended is not None and ended.purpose == "analytics":
                order = Order("object", ended.person_id, ended.company_id, who.actor)
                acts.restrict(connection, order, "objection")
            return ended

    ended = await in_postgres(services.settings, work)
    if ended is None:
        raise ProblemError(PRIVACY_REQUEST_NOT_FOUND, f"no consent {consent_id} is in force")
    return _consent(ended)


@router.get("/people/{person_id}", responses=PRIVACY_PERSON_PROBLEMS)
async def get_person_record(
    response: Response, who: AnAsker, services: Services, person_id: UUID
) -> PersonRecord:
    """A person's consents and restrictions, those that have ended included."""

    def work(connection: psycopg.Connection, clickhouse: Any) -> list[consents.Consent]:
        subject_for(connection, clickhouse, who, SubjectReference(person_id=person_id), who.company_id)
        return consents.of_person(connection, person_id, who.company_id)

    given = await in_stores(services.settings, work)
    rows = await privacy.restrictions(services.seen_by(who.company_id), person_id, who.company_id)
    response.headers["Cache-Control"] = "no-store"
    return PersonRecord(
        person_id=person_id,
        consents=[_consent(one) for one in given],
        restrictions=[Restriction(**dict(row)) for row in rows],
    )


@router.post("/restrictions/{restriction_id}/lift", status_code=204, responses=PRIVACY_READ_PROBLEMS)
async def lift_restriction(who: AnOfficer, services: Services, restriction_id: UUID) -> None:
    """Let a person's data be used again. Their texts are screened anew and are readable within seconds."""
    if not await in_postgres(services.settings, lambda connection: _lift(connection, who, restriction_id)):
        raise ProblemError(PRIVACY_REQUEST_NOT_FOUND, f"no restriction {restriction_id} is in force")


def _lift(connection: psycopg.Connection, who: Asker, restriction_id: UUID) -> bool:
    return acts.lift(connection, restriction_id, company_id=who.company_id, actor=who.actor)


def _consent(row: consents.Consent) -> Consent:
    return Consent(**{**vars(row), "is_in_force": row.is_in_force(datetime.now(UTC))})
