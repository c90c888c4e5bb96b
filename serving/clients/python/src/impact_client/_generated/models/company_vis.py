from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.top_volunteer import TopVolunteer
    from ..models.vis_score import VisScore


T = TypeVar("T", bound="CompanyVis")


@_attrs_define
class CompanyVis:
    """The volunteer impact of a period; `aggregate` is null if there is none for it."""

    company_id: UUID
    data_version: int | None
    """ The publication in which a figure of the company last changed: the same on every route. Null before the
    first. """
    as_of: datetime.datetime | None
    """ When that publication was made. """
    period: None | str
    aggregate: None | VisScore
    top_volunteers: list[TopVolunteer]

    def to_dict(self) -> dict[str, Any]:
        from ..models.vis_score import VisScore  # noqa: PLC0415

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

        aggregate: dict[str, Any] | None
        if isinstance(self.aggregate, VisScore):
            aggregate = self.aggregate.to_dict()
        else:
            aggregate = self.aggregate

        top_volunteers = []
        for top_volunteers_item_data in self.top_volunteers:
            top_volunteers_item = top_volunteers_item_data.to_dict()
            top_volunteers.append(top_volunteers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "data_version": data_version,
                "as_of": as_of,
                "period": period,
                "aggregate": aggregate,
                "top_volunteers": top_volunteers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.top_volunteer import TopVolunteer  # noqa: PLC0415
        from ..models.vis_score import VisScore  # noqa: PLC0415

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

        def _parse_aggregate(data: object) -> None | VisScore:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                aggregate_type_0 = VisScore.from_dict(data)

                return aggregate_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | VisScore, data)

        aggregate = _parse_aggregate(d.pop("aggregate"))

        top_volunteers = []
        _top_volunteers = d.pop("top_volunteers")
        for top_volunteers_item_data in _top_volunteers:
            top_volunteers_item = TopVolunteer.from_dict(top_volunteers_item_data)

            top_volunteers.append(top_volunteers_item)

        company_vis = cls(
            company_id=company_id,
            data_version=data_version,
            as_of=as_of,
            period=period,
            aggregate=aggregate,
            top_volunteers=top_volunteers,
        )

        return company_vis
