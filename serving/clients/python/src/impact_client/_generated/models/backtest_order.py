from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BacktestOrder")


@_attrs_define
class BacktestOrder:
    """Week by week over at most a year."""

    text: str
    """ YAML. """
    first: datetime.datetime
    last: datetime.datetime
    against: None | str | Unset = UNSET
    """ YAML of another version to compare. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform. """

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        first = self.first.isoformat()

        last = self.last.isoformat()

        against: None | str | Unset
        if isinstance(self.against, Unset):
            against = UNSET
        else:
            against = self.against

        company_id: None | str | Unset
        if isinstance(self.company_id, Unset):
            company_id = UNSET
        elif isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
                "first": first,
                "last": last,
            }
        )
        if against is not UNSET:
            field_dict["against"] = against
        if company_id is not UNSET:
            field_dict["company_id"] = company_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        first = datetime.datetime.fromisoformat(d.pop("first"))

        last = datetime.datetime.fromisoformat(d.pop("last"))

        def _parse_against(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        against = _parse_against(d.pop("against", UNSET))

        def _parse_company_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                company_id_type_0 = UUID(data)

                return company_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        company_id = _parse_company_id(d.pop("company_id", UNSET))

        backtest_order = cls(
            text=text,
            first=first,
            last=last,
            against=against,
            company_id=company_id,
        )

        return backtest_order
