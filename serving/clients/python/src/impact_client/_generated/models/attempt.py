from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.attempt_decision import AttemptDecision, check_attempt_decision
from ..models.attempt_kind import AttemptKind, check_attempt_kind

T = TypeVar("T", bound="Attempt")


@_attrs_define
class Attempt:
    """One request to the partner, written before it left."""

    attempt_id: UUID
    """ Also the X-Request-ID it was sent with. """
    number: int
    kind: AttemptKind
    """ `read_back` asks whether the partner has it. """
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    payload_sha256: str
    http_status: int | None
    latency_ms: float | None
    error_class: None | str
    error: None | str
    decision: AttemptDecision
    provider_reference: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        attempt_id = str(self.attempt_id)

        number = self.number

        kind: str = self.kind

        started_at = self.started_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        payload_sha256 = self.payload_sha256

        http_status: int | None
        http_status = self.http_status

        latency_ms: float | None
        latency_ms = self.latency_ms

        error_class: None | str
        error_class = self.error_class

        error: None | str
        error = self.error

        decision: str = self.decision

        provider_reference: None | str
        provider_reference = self.provider_reference

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attempt_id": attempt_id,
                "number": number,
                "kind": kind,
                "started_at": started_at,
                "finished_at": finished_at,
                "payload_sha256": payload_sha256,
                "http_status": http_status,
                "latency_ms": latency_ms,
                "error_class": error_class,
                "error": error,
                "decision": decision,
                "provider_reference": provider_reference,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        attempt_id = UUID(d.pop("attempt_id"))

        number = d.pop("number")

        kind = check_attempt_kind(d.pop("kind"))

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))

        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)

                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        payload_sha256 = d.pop("payload_sha256")

        def _parse_http_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        http_status = _parse_http_status(d.pop("http_status"))

        def _parse_latency_ms(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        latency_ms = _parse_latency_ms(d.pop("latency_ms"))

        def _parse_error_class(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error_class = _parse_error_class(d.pop("error_class"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        decision = check_attempt_decision(d.pop("decision"))

        def _parse_provider_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider_reference = _parse_provider_reference(d.pop("provider_reference"))

        attempt = cls(
            attempt_id=attempt_id,
            number=number,
            kind=kind,
            started_at=started_at,
            finished_at=finished_at,
            payload_sha256=payload_sha256,
            http_status=http_status,
            latency_ms=latency_ms,
            error_class=error_class,
            error=error,
            decision=decision,
            provider_reference=provider_reference,
        )

        attempt.additional_properties = d
        return attempt

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
