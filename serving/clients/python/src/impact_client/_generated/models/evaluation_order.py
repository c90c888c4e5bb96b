from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EvaluationOrder")


@_attrs_define
class EvaluationOrder:
    """The engine looks at the person's whole history again."""

    participant_id: UUID
    company_id: UUID
    evaluated_through: datetime.datetime | None
    flags_url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        participant_id = str(self.participant_id)

        company_id = str(self.company_id)

        evaluated_through: None | str
        if isinstance(self.evaluated_through, datetime.datetime):
            evaluated_through = self.evaluated_through.isoformat()
        else:
            evaluated_through = self.evaluated_through

        flags_url = self.flags_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "participant_id": participant_id,
                "company_id": company_id,
                "evaluated_through": evaluated_through,
                "flags_url": flags_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        participant_id = UUID(d.pop("participant_id"))

        company_id = UUID(d.pop("company_id"))

        def _parse_evaluated_through(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                evaluated_through_type_0 = datetime.datetime.fromisoformat(data)

                return evaluated_through_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        evaluated_through = _parse_evaluated_through(d.pop("evaluated_through"))

        flags_url = d.pop("flags_url")

        evaluation_order = cls(
            participant_id=participant_id,
            company_id=company_id,
            evaluated_through=evaluated_through,
            flags_url=flags_url,
        )

        evaluation_order.additional_properties = d
        return evaluation_order

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
