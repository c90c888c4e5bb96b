from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.sroi_result import SroiResult


T = TypeVar("T", bound="Sroi")


@_attrs_define
class Sroi:
    """The social return of a period; `results` is null if there is none for it."""

    company_id: UUID
    data_version: int | None
    """ The publication in which a figure of the company last changed: the same on every route. Null before the
    first. """
    as_of: datetime.datetime | None
    """ When that publication was made. """
    period: None | str
    results: list[SroiResult] | None

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        data_version: int | None
        data_version = self.data_version

        as_of: None | str
        if isinstance(self.as_of, datetime.datetime):
            as_of = self.as_of.isoformat()
        else:
            as_of = self.as_of

        period: None | str
        period = self.period

        results: list[dict[str, Any]] | None
        if isinstance(self.results, list):
            results = []
            for results_type_0_item_data in self.results:
                results_type_0_item = results_type_0_item_data.to_dict()
                results.append(results_type_0_item)

        else:
            results = self.results

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "data_version": data_version,
                "as_of": as_of,
                "period": period,
                "results": results,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sroi_result import SroiResult  # noqa: PLC0415

        d = dict(src_dict)
        company_id = UUID(d.pop("company_id"))

        def _parse_data_version(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        data_version = _parse_data_version(d.pop("data_version"))

        def _parse_as_of(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                as_of_type_0 = datetime.datetime.fromisoformat(data)

                return as_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        as_of = _parse_as_of(d.pop("as_of"))

        def _parse_period(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        period = _parse_period(d.pop("period"))

        def _parse_results(data: object) -> list[SroiResult] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                results_type_0 = []
                _results_type_0 = data
                for results_type_0_item_data in _results_type_0:
                    results_type_0_item = SroiResult.from_dict(results_type_0_item_data)

                    results_type_0.append(results_type_0_item)

                return results_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[SroiResult] | None, data)

        results = _parse_results(d.pop("results"))

        sroi = cls(
            company_id=company_id,
            data_version=data_version,
            as_of=as_of,
            period=period,
            results=results,
        )

        return sroi
