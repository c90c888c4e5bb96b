from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sla_exception_kind import SlaExceptionKind, check_sla_exception_kind

T = TypeVar("T", bound="SlaException")


@_attrs_define
class SlaException:
    """One report that broke a promise, or is about to."""

    at: datetime.datetime
    """ When it finished, or came due where it has not. """
    company_id: UUID
    platform: str
    period: str
    kind: SlaExceptionKind
    """ Late took longer than promised, waiting does so still; missed and no_data were not sent. """
    delivery_id: None | UUID
    error_class: None | str
    latency_s: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        at = self.at.isoformat()

        company_id = str(self.company_id)

        platform = self.platform

        period = self.period

        kind: str = self.kind

        delivery_id: None | str
        if isinstance(self.delivery_id, UUID):
            delivery_id = str(self.delivery_id)
        else:
            delivery_id = self.delivery_id

        error_class: None | str
        error_class = self.error_class

        latency_s: float | None
        latency_s = self.latency_s

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "company_id": company_id,
                "platform": platform,
                "period": period,
                "kind": kind,
                "delivery_id": delivery_id,
                "error_class": error_class,
                "latency_s": latency_s,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = datetime.datetime.fromisoformat(d.pop("at"))

        company_id = UUID(d.pop("company_id"))

        platform = d.pop("platform")

        period = d.pop("period")

        kind = check_sla_exception_kind(d.pop("kind"))

        def _parse_delivery_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivery_id_type_0 = UUID(data)

                return delivery_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        delivery_id = _parse_delivery_id(d.pop("delivery_id"))

        def _parse_error_class(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error_class = _parse_error_class(d.pop("error_class"))

        def _parse_latency_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        latency_s = _parse_latency_s(d.pop("latency_s"))

        sla_exception = cls(
            at=at,
            company_id=company_id,
            platform=platform,
            period=period,
            kind=kind,
            delivery_id=delivery_id,
            error_class=error_class,
            latency_s=latency_s,
        )

        sla_exception.additional_properties = d
        return sla_exception

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
