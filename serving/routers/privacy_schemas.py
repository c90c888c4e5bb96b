"""What the routes of people's rights take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from ingest.contracts.privacy import Right
from ingest.people import Provider
from orchestration.privacy.requests.acts import Ground
from orchestration.privacy.requests.consents import Basis, Language, Method, Purpose
from orchestration.privacy.requests.model import Priority, State
from orchestration.privacy.requests.regions import Region
from serving.parameters import Flag, Instant, Whole

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$")
]

EXAMPLE_SUBJECT: JsonDict = {"person_id": "5f0c6d7e-9f53-4d58-8a4b-0a4f6f0f8a11"}


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SubjectReference(_Order):
    """A person, by the pseudonym in events or by the id a source knows them by."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_SUBJECT]})

    person_id: UUID | None = Field(None, description="As in events: `personid`.")
    provider: Provider | None = Field(None, examples=["email"])
    external_id: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=320)] | None
    ) = Field(None, description="The person's id at the provider; for `email`, the address.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.person_id is None) == (self.provider is None) or (self.provider is None) != (
            self.external_id is None
        ):
            raise ValueError("give person_id, or provider and external_id together")
        return self


class SubjectOrder(_Order):
    """About whom."""

    subject: SubjectReference | None = Field(
        None, description="Left out by a participant or volunteer who asks for themselves."
    )
    company_id: UUID | None = Field(
        None, description="For administrators of the platform: only one company's data. Left out, all."
    )


class _QueuedOrder(SubjectOrder):
    priority: Priority | None = Field(
        None,
        description="Place in the queue, for administrators: 1 goes first, 10 is the usual one, 20 goes last."
        " Left out, an immediate erasure is 1 and all else 10.",
    )


class ExportOrder(_QueuedOrder):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject": EXAMPLE_SUBJECT, "right": "access"}]}
    )

    right: Literal["access", "portability"] = Field("access", description="The file is the same.")


class DeleteOrder(_QueuedOrder):
    model_config = ConfigDict(json_schema_extra={"examples": [{"subject": EXAMPLE_SUBJECT}]})

    immediate: Flag = Field(
        False,
        description="Without the 30 days of grace; for administrators, with a reason. Asked for while an"
        " erasure is held, it ends that one's grace.",
    )
    reason: Reason | None = Field(None, description="Kept with the request. Name nobody.")


class RectifyOrder(SubjectOrder):
    """What is right. Facts in events are put right at their source."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject": EXAMPLE_SUBJECT, "first_name": "Olha"}]}
    )

    first_name: PersonName | None = None
    last_name: PersonName | None = None
    email: Email | None = Field(None, description="The right address.", examples=["new@example.org"])
    old_email: Email | None = Field(
        None,
        description="The one it takes the place of; without it, it is added.",
        examples=["old@example.org"],
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.first_name or self.last_name or self.email):
            raise ValueError("say what is right: first_name, last_name or email")
        return self


class RestrictOrder(SubjectOrder):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject": EXAMPLE_SUBJECT, "ground": "accuracy"}]}
    )

    ground: Ground = Field(
        "accuracy", description="`objection` makes it a request under the right to object."
    )


class CancelOrder(_Order):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The person asked us to wait."}]})

    reason: Reason | None = Field(None, description="Kept with the request. Name nobody.")


class ExtendOrder(_Order):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Three archives have to be searched."}]}
    )

    reason: Reason = Field(
        description="Why two months more are needed. The person reads it with the request; name nobody in it."
    )


class Download(BaseModel):
    """A finished export."""

    url: str = Field(description="Needs no credential until it ends; treat it as the data themselves.")
    expires_at: datetime
    bytes: int = Field(examples=[48_213])
    sha256: str


class Step(BaseModel):
    """One line of what happened."""

    state: State
    step: str | None = Field(examples=["read clickhouse:raw.events"])
    progress: int
    detail: dict[str, Any] = Field(description="Counts and ids of things.", examples=[{"rows": 12}])
    recorded_at: datetime


class PrivacyRequest(BaseModel):
    """A request, and how far it is."""

    model_config = ConfigDict(extra="ignore")

    request_id: UUID
    right: Right
    state: State
    step: str | None = Field(description="The last one recorded.", examples=["grace_begun"])
    progress: int = Field(ge=0, le=100)
    company_id: UUID | None = Field(description="Null: about every company's data.")
    subject_id: UUID | None = Field(description="The person; null once erased.")
    is_immediate: bool
    received_at: datetime
    run_after: datetime = Field(description="When the work may begin: for an erasure, the end of its grace.")
    due_at: datetime = Field(
        description="A calendar month after it was received, or 72 h after its grace; three months where it"
        " was extended."
    )
    extended_at: datetime | None = Field(description="When two months were added, once.")
    extension_reason: str | None = Field(description="Why, as the person is told.")
    region: Region | None = Field(
        description="Where it is carried out, by the company's country; null: anywhere."
    )
    priority: Priority = Field(description="Place in the queue: 1, 5, 10 or 20; 1 goes first.")
    is_overdue: bool
    finished_at: datetime | None
    error: str | None = Field(description="What kind of failure, where somebody has to help.")
    status_url: str
    download: Download | None


class PrivacyRequestWithSteps(PrivacyRequest):
    steps: list[Step]


class PrivacyRequestList(BaseModel):
    items: list[PrivacyRequest]


class RequestQuery(_Order):
    state: list[State] | None = Field(None, description="Without it, what is not completed or cancelled.")
    right: Right | None = None
    company_id: UUID | None = Field(
        None, alias="companyId", description="For administrators of the platform."
    )
    limit: int = Field(50, ge=1, le=200)


class ConsentOrder(SubjectOrder):
    """What a person has answered, and to which words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": EXAMPLE_SUBJECT,
                    "purpose": "marketing",
                    "text_version": 1,
                    "language": "uk",
                    "method": "checkbox",
                }
            ]
        }
    )

    purpose: Purpose
    text_version: Whole = Field(ge=1, examples=[1])
    language: Language
    method: Method
    legal_basis: Basis = "consent"
    granted_at: Instant | None = Field(None, description="Left out, now.")
    expires_at: Instant | None = None


class Consent(BaseModel):
    model_config = ConfigDict(extra="ignore")

    consent_id: UUID
    company_id: UUID | None
    purpose: Purpose
    legal_basis: Basis
    text_version: int
    language: Language
    method: Method
    granted_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None
    replaced_at: datetime | None = Field(description="When the person was asked anew.")
    is_in_force: bool


class ConsentWords(BaseModel):
    """What a person is asked with."""

    purpose: Purpose
    version: int
    language: Language
    words: str
    sha256: str


class ConsentWordsList(BaseModel):
    items: list[ConsentWords]


class Restriction(BaseModel):
    model_config = ConfigDict(extra="ignore")

    restriction_id: UUID
    company_id: UUID | None = Field(description="Null: whichever company's data.")
    ground: Ground
    request_id: UUID
    restricted_at: datetime
    lifted_at: datetime | None
    is_applied: bool = Field(description="The person's texts have been withdrawn from all readers.")


class PersonRecord(BaseModel):
    """What a person has agreed to, and what is restricted."""

    person_id: UUID
    consents: list[Consent]
    restrictions: list[Restriction]
