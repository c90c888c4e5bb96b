from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.delivery_with_attempts_partner_state_type_0 import (
    DeliveryWithAttemptsPartnerStateType0,
    check_delivery_with_attempts_partner_state_type_0,
)
from ..models.delivery_with_attempts_status import (
    DeliveryWithAttemptsStatus,
    check_delivery_with_attempts_status,
)

if TYPE_CHECKING:
    from ..models.attempt import Attempt
    from ..models.callback import Callback
    from ..models.change import Change


T = TypeVar("T", bound="DeliveryWithAttempts")


@_attrs_define
class DeliveryWithAttempts:
    delivery_id: UUID
    schedule_id: UUID
    company_id: UUID
    platform: str
    connector: str
    period: str
    period_start: datetime.date
    period_end: datetime.date
    revision: int
    """ 0 is the report; corrections of it count from 1. """
    corrects: None | UUID
    """ The accepted delivery that a correction replaces. """
    status: DeliveryWithAttemptsStatus
    is_unknown: bool
    """ The partner may have it already; it is asked before it is sent again. """
    mapping_version: str
    data_version: int
    """ The publication that the numbers come from. """
    payload_sha256: str
    idempotency_key: str
    withheld: list[str]
    """ Numbers that rest on too few people to be told. """
    due_at: datetime.datetime
    next_attempt_at: datetime.datetime
    failure_count: int
    """ Tries that ended without an acceptance, since the last replay. """
    attempt_count: int
    """ Requests made. """
    http_status: int | None
    error_class: None | str
    error: None | str
    provider_reference: None | str
    """ The partner's own id of it. """
    partner_state: DeliveryWithAttemptsPartnerStateType0 | None
    """ What the partner called back since; null: nothing. """
    partner_state_at: datetime.datetime | None
    """ By the partner's clock. """
    approved_by: None | str
    replayed_by: None | str
    created_at: datetime.datetime
    finished_at: datetime.datetime | None
    attempts: list[Attempt]
    callbacks: list[Callback]
    changes: list[Change] | None
    """ Of a correction: what differs from what was accepted. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        delivery_id = str(self.delivery_id)

        schedule_id = str(self.schedule_id)

        company_id = str(self.company_id)

        platform = self.platform

        connector = self.connector

        period = self.period

        period_start = self.period_start.isoformat()

        period_end = self.period_end.isoformat()

        revision = self.revision

        corrects: None | str
        if isinstance(self.corrects, UUID):
            corrects = str(self.corrects)
        else:
            corrects = self.corrects

        status: str = self.status

        is_unknown = self.is_unknown

        mapping_version = self.mapping_version

        data_version = self.data_version

        payload_sha256 = self.payload_sha256

        idempotency_key = self.idempotency_key

        withheld = self.withheld

        due_at = self.due_at.isoformat()

        next_attempt_at = self.next_attempt_at.isoformat()

        failure_count = self.failure_count

        attempt_count = self.attempt_count

        http_status: int | None
        http_status = self.http_status

        error_class: None | str
        error_class = self.error_class

        error: None | str
        error = self.error

        provider_reference: None | str
        provider_reference = self.provider_reference

        partner_state: None | str
        if isinstance(self.partner_state, str):
            partner_state = self.partner_state
        else:
            partner_state = self.partner_state

        partner_state_at: None | str
        if isinstance(self.partner_state_at, datetime.datetime):
            partner_state_at = self.partner_state_at.isoformat()
        else:
            partner_state_at = self.partner_state_at

        approved_by: None | str
        approved_by = self.approved_by

        replayed_by: None | str
        replayed_by = self.replayed_by

        created_at = self.created_at.isoformat()

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        callbacks = []
        for callbacks_item_data in self.callbacks:
            callbacks_item = callbacks_item_data.to_dict()
            callbacks.append(callbacks_item)

        changes: list[dict[str, Any]] | None
        if isinstance(self.changes, list):
            changes = []
            for changes_type_0_item_data in self.changes:
                changes_type_0_item = changes_type_0_item_data.to_dict()
                changes.append(changes_type_0_item)

        else:
            changes = self.changes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "delivery_id": delivery_id,
                "schedule_id": schedule_id,
                "company_id": company_id,
                "platform": platform,
                "connector": connector,
                "period": period,
                "period_start": period_start,
                "period_end": period_end,
                "revision": revision,
                "corrects": corrects,
                "status": status,
                "is_unknown": is_unknown,
                "mapping_version": mapping_version,
                "data_version": data_version,
                "payload_sha256": payload_sha256,
                "idempotency_key": idempotency_key,
                "withheld": withheld,
                "due_at": due_at,
                "next_attempt_at": next_attempt_at,
                "failure_count": failure_count,
                "attempt_count": attempt_count,
                "http_status": http_status,
                "error_class": error_class,
                "error": error,
                "provider_reference": provider_reference,
                "partner_state": partner_state,
                "partner_state_at": partner_state_at,
                "approved_by": approved_by,
                "replayed_by": replayed_by,
                "created_at": created_at,
                "finished_at": finished_at,
                "attempts": attempts,
                "callbacks": callbacks,
                "changes": changes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt import Attempt  # noqa: PLC0415
        from ..models.callback import Callback  # noqa: PLC0415
        from ..models.change import Change  # noqa: PLC0415

        d = dict(src_dict)
        delivery_id = UUID(d.pop("delivery_id"))

        schedule_id = UUID(d.pop("schedule_id"))

        company_id = UUID(d.pop("company_id"))

        platform = d.pop("platform")

        connector = d.pop("connector")

        period = d.pop("period")

        period_start = datetime.date.fromisoformat(d.pop("period_start"))

        period_end = datetime.date.fromisoformat(d.pop("period_end"))

        revision = d.pop("revision")

        def _parse_corrects(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                corrects_type_0 = UUID(data)

                return corrects_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        corrects = _parse_corrects(d.pop("corrects"))

        status = check_delivery_with_attempts_status(d.pop("status"))

        is_unknown = d.pop("is_unknown")

        mapping_version = d.pop("mapping_version")

        data_version = d.pop("data_version")

        payload_sha256 = d.pop("payload_sha256")

        idempotency_key = d.pop("idempotency_key")

        withheld = cast(list[str], d.pop("withheld"))

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))

        next_attempt_at = datetime.datetime.fromisoformat(d.pop("next_attempt_at"))

        failure_count = d.pop("failure_count")

        attempt_count = d.pop("attempt_count")

        def _parse_http_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        http_status = _parse_http_status(d.pop("http_status"))

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

        def _parse_provider_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider_reference = _parse_provider_reference(d.pop("provider_reference"))

        def _parse_partner_state(data: object) -> DeliveryWithAttemptsPartnerStateType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                partner_state_type_0 = check_delivery_with_attempts_partner_state_type_0(data)

                return partner_state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeliveryWithAttemptsPartnerStateType0 | None, data)

        partner_state = _parse_partner_state(d.pop("partner_state"))

        def _parse_partner_state_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                partner_state_at_type_0 = datetime.datetime.fromisoformat(data)

                return partner_state_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        partner_state_at = _parse_partner_state_at(d.pop("partner_state_at"))

        def _parse_approved_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        approved_by = _parse_approved_by(d.pop("approved_by"))

        def _parse_replayed_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        replayed_by = _parse_replayed_by(d.pop("replayed_by"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

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

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = Attempt.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        callbacks = []
        _callbacks = d.pop("callbacks")
        for callbacks_item_data in _callbacks:
            callbacks_item = Callback.from_dict(callbacks_item_data)

            callbacks.append(callbacks_item)

        def _parse_changes(data: object) -> list[Change] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                changes_type_0 = []
                _changes_type_0 = data
                for changes_type_0_item_data in _changes_type_0:
                    changes_type_0_item = Change.from_dict(changes_type_0_item_data)

                    changes_type_0.append(changes_type_0_item)

                return changes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Change] | None, data)

        changes = _parse_changes(d.pop("changes"))

        delivery_with_attempts = cls(
            delivery_id=delivery_id,
            schedule_id=schedule_id,
            company_id=company_id,
            platform=platform,
            connector=connector,
            period=period,
            period_start=period_start,
            period_end=period_end,
            revision=revision,
            corrects=corrects,
            status=status,
            is_unknown=is_unknown,
            mapping_version=mapping_version,
            data_version=data_version,
            payload_sha256=payload_sha256,
            idempotency_key=idempotency_key,
            withheld=withheld,
            due_at=due_at,
            next_attempt_at=next_attempt_at,
            failure_count=failure_count,
            attempt_count=attempt_count,
            http_status=http_status,
            error_class=error_class,
            error=error,
            provider_reference=provider_reference,
            partner_state=partner_state,
            partner_state_at=partner_state_at,
            approved_by=approved_by,
            replayed_by=replayed_by,
            created_at=created_at,
            finished_at=finished_at,
            attempts=attempts,
            callbacks=callbacks,
            changes=changes,
        )

        delivery_with_attempts.additional_properties = d
        return delivery_with_attempts

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
