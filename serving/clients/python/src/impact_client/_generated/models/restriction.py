from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.restriction_ground import RestrictionGround, check_restriction_ground

T = TypeVar("T", bound="Restriction")


@_attrs_define
class Restriction:
    restriction_id: UUID
    company_id: None | UUID
    """ Null: whichever company's data. """
    ground: RestrictionGround
    request_id: UUID
    restricted_at: datetime.datetime
    lifted_at: datetime.datetime | None
    is_applied: bool
    """ The person's texts have been withdrawn from all readers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        restriction_id = str(self.restriction_id)

        company_id: None | str
        if isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        ground: str = self.ground

        request_id = str(self.request_id)

        restricted_at = self.restricted_at.isoformat()

        lifted_at: None | str
        if isinstance(self.lifted_at, datetime.datetime):
            lifted_at = self.lifted_at.isoformat()
        else:
            lifted_at = self.lifted_at

        is_applied = self.is_applied

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "restriction_id": restriction_id,
                "company_id": company_id,
                "ground": ground,
                "request_id": request_id,
                "restricted_at": restricted_at,
                "lifted_at": lifted_at,
                "is_applied": is_applied,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        restriction_id = UUID(d.pop("restriction_id"))

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

        ground = check_restriction_ground(d.pop("ground"))

        request_id = UUID(d.pop("request_id"))

        restricted_at = datetime.datetime.fromisoformat(d.pop("restricted_at"))

        def _parse_lifted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lifted_at_type_0 = datetime.datetime.fromisoformat(data)

                return lifted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        lifted_at = _parse_lifted_at(d.pop("lifted_at"))

        is_applied = d.pop("is_applied")

        restriction = cls(
            restriction_id=restriction_id,
            company_id=company_id,
            ground=ground,
            request_id=request_id,
            restricted_at=restricted_at,
            lifted_at=lifted_at,
            is_applied=is_applied,
        )

        restriction.additional_properties = d
        return restriction

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
