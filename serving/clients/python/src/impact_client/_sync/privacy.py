"""People's rights over their data: asked for here, carried out by the platform."""

from __future__ import annotations

import time
import time as clock
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import httpx

from impact_client._answers import given, only
from impact_client._generated.api.privacy import (
    privacy_cancel_request,
    privacy_get_person,
    privacy_get_request,
    privacy_list_requests,
    privacy_request_erasure,
    privacy_request_export,
    privacy_request_rectification,
    privacy_request_restriction,
    privacy_retry_request,
    privacy_withdraw_consent,
)
from impact_client._generated.types import UNSET, Unset
from impact_client._sync.group import Group
from impact_client.errors import ApiUnreachable, ImpactError
from impact_client.models import (
    CancelOrder,
    Consent,
    DeleteOrder,
    ExportOrder,
    PersonRecord,
    PrivacyRequest,
    PrivacyRequestList,
    PrivacyRequestWithSteps,
    RectifyOrder,
    RestrictOrder,
    SubjectReference,
)

State = Literal["received", "confirmed", "held", "running", "completed", "partial", "failed", "cancelled"]
Subject = UUID | str | tuple[str, str] | None


class NotFinished(ImpactError):
    """The request was not finished in the time there was. It goes on; ask for it again later."""


class Privacy(Group):
    """Requests about one person: by the pseudonym in events, or as `(provider, external id)`.

    Left out, the person is the caller. Each call that asks for something carries an idempotency key, so that
    sending it again is the same request; give your own to repeat it from another process.
    """

    def request_export(
        self,
        subject: Subject = None,
        *,
        right: Literal["access", "portability"] = "access",
        company_id: UUID | str | None = None,
        idempotency_key: str | None = None,
    ) -> PrivacyRequest:
        """Have all that is held about a person made into one file; `download` fetches it."""
        answer = privacy_request_export.sync_detailed(
            client=self._client,
            body=ExportOrder(subject=_subject(subject), company_id=_company(company_id), right=right),
            idempotency_key=idempotency_key or str(uuid4()),
        )
        return only(PrivacyRequest, answer)

    def request_erasure(
        self,
        subject: Subject = None,
        *,
        immediate: bool = False,
        reason: str | None = None,
        company_id: UUID | str | None = None,
        idempotency_key: str | None = None,
    ) -> PrivacyRequest:
        """Have a person erased: after 30 days, until which it can be cancelled, or at once for a reason."""
        answer = privacy_request_erasure.sync_detailed(
            client=self._client,
            body=DeleteOrder(
                subject=_subject(subject), company_id=_company(company_id), immediate=immediate,
                reason=given(reason),
            ),
            idempotency_key=idempotency_key or str(uuid4()),
        )  # fmt: skip
        return only(PrivacyRequest, answer)

    def request_rectification(
        self,
        subject: Subject = None,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        email: str | None = None,
        old_email: str | None = None,
        company_id: UUID | str | None = None,
        idempotency_key: str | None = None,
    ) -> PrivacyRequest:
        """Put right a person's name or address. It is done when this answers."""
        answer = privacy_request_rectification.sync_detailed(
            client=self._client,
            body=RectifyOrder(
                subject=_subject(subject), company_id=_company(company_id), first_name=given(first_name),
                last_name=given(last_name), email=given(email), old_email=given(old_email),
            ),
            idempotency_key=idempotency_key or str(uuid4()),
        )  # fmt: skip
        return only(PrivacyRequest, answer)

    def request_restriction(
        self,
        subject: Subject = None,
        *,
        ground: Literal["accuracy", "unlawful", "legal_claim", "objection"] = "accuracy",
        company_id: UUID | str | None = None,
        idempotency_key: str | None = None,
    ) -> PrivacyRequest:
        """Have a person's data kept and not used."""
        answer = privacy_request_restriction.sync_detailed(
            client=self._client,
            body=RestrictOrder(subject=_subject(subject), company_id=_company(company_id), ground=ground),
            idempotency_key=idempotency_key or str(uuid4()),
        )
        return only(PrivacyRequest, answer)

    def list_requests(
        self,
        *,
        states: Sequence[State] | None = None,
        limit: int = 50,
        company_id: UUID | str | None = None,
    ) -> PrivacyRequestList:
        """Requests by the time they are due; without `states`, those that are open."""
        answer = privacy_list_requests.sync_detailed(
            client=self._client,
            state=given(list(states) if states else None),
            limit=limit,
            company_id=self._own(company_id),
        )
        return only(PrivacyRequestList, answer)

    def get_request(self, request_id: UUID | str) -> PrivacyRequestWithSteps:
        """One request with all that has happened, and the link to its file when there is one."""
        answer = privacy_get_request.sync_detailed(UUID(str(request_id)), client=self._client)
        return only(PrivacyRequestWithSteps, answer)

    def wait(
        self, request_id: UUID | str, *, within_s: float = 300.0, every_s: float = 2.0
    ) -> PrivacyRequestWithSteps:
        """The request once it is finished, however it ended; NotFinished after `within_s` without that."""
        until = clock.monotonic() + within_s
        while True:
            request = self.get_request(request_id)
            if request.finished_at is not None:
                return request
            if clock.monotonic() + every_s > until:
                raise NotFinished(f"privacy request {request_id} is {request.state} after {within_s:g} s")
            time.sleep(every_s)

    def cancel_request(self, request_id: UUID | str, *, reason: str | None = None) -> PrivacyRequest:
        """End a request whose work has not begun. Twice is the same as once."""
        answer = privacy_cancel_request.sync_detailed(
            UUID(str(request_id)), client=self._client, body=CancelOrder(reason=given(reason))
        )
        return only(PrivacyRequest, answer)

    def retry_request(self, request_id: UUID | str) -> PrivacyRequest:
        """Have a request that failed, or was done in part, taken up once more."""
        answer = privacy_retry_request.sync_detailed(UUID(str(request_id)), client=self._client)
        return only(PrivacyRequest, answer)

    def download(self, request_id: UUID | str, to: Path | str) -> Path:
        """Write the file of a finished export to `to`. Treat it as the data themselves."""
        target = Path(to)
        try:
            with self._http.stream("GET", f"/v1/privacy/requests/{UUID(str(request_id))}/download") as answer:
                with target.open("wb") as file:
                    for part in answer.iter_bytes():
                        file.write(part)
        except httpx.TransportError as error:
            target.unlink(missing_ok=True)
            raise ApiUnreachable(f"the file of request {request_id} broke off; ask for it again") from error
        return target

    def get_person(self, person_id: UUID | str) -> PersonRecord:
        """What a person has agreed to, and what is restricted."""
        return only(
            PersonRecord,
            privacy_get_person.sync_detailed(UUID(str(person_id)), client=self._client),
        )

    def withdraw_consent(self, consent_id: UUID | str) -> Consent:
        """End a consent from now on."""
        return only(
            Consent,
            privacy_withdraw_consent.sync_detailed(UUID(str(consent_id)), client=self._client),
        )


def _subject(subject: Subject) -> SubjectReference | Unset:
    if subject is None:
        return UNSET
    if isinstance(subject, tuple):
        provider, external_id = subject
        return SubjectReference.from_dict({"provider": provider, "external_id": external_id})
    return SubjectReference(person_id=UUID(str(subject)))


def _company(company_id: UUID | str | None) -> UUID | Unset:
    return UNSET if company_id is None else UUID(str(company_id))
