from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AdminRead")


@_attrs_define
class AdminRead:
    """A request of an administrator of the platform."""

    request_id: UUID
    """ As in `X-Request-ID` and in the log. """
    asked_at: datetime.datetime
    caller_id: str
    method: str
    route: str
    company_id: None | UUID
    """ That the address named; null if it named none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        request_id = str(self.request_id)

        asked_at = self.asked_at.isoformat()

        caller_id = self.caller_id

        method = self.method

        route = self.route

        company_id: None | str
        if isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "request_id": request_id,
                "asked_at": asked_at,
                "caller_id": caller_id,
                "method": method,
                "route": route,
                "company_id": company_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        request_id = UUID(d.pop("request_id"))

        asked_at = datetime.datetime.fromisoformat(d.pop("asked_at"))

        caller_id = d.pop("caller_id")

        method = d.pop("method")

        route = d.pop("route")

        def _parse_company_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                company_id_type_0 = UUID(data)

                return company_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        company_id = _parse_company_id(d.pop("company_id"))

        admin_read = cls(
            request_id=request_id,
            asked_at=asked_at,
            caller_id=caller_id,
            method=method,
            route=route,
            company_id=company_id,
        )

        admin_read.additional_properties = d
        return admin_read

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
