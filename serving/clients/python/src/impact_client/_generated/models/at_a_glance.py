from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.inputs import Inputs
    from ..models.outcomes import Outcomes
    from ..models.value import Value


T = TypeVar("T", bound="AtAGlance")


@_attrs_define
class AtAGlance:
    """A company's period on one page. A period without activity has zeros and nulls."""

    company_id: UUID
    data_version: int | None
    """ The publication in which a figure of the company last changed: the same on every route. Null before the
    first. """
    as_of: datetime.datetime | None
    """ When that publication was made. """
    period: str
    inputs: Inputs
    """ What was put in. """
    outcomes: Outcomes
    """ What came of it; null where nothing is known or it is of too few people (`/metrics` says which). """
    value: Value
    """ What it was worth, base scenario; the routes `/sroi` and `/vis` say how it was computed. """

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        data_version: int | None
        data_version = self.data_version

        as_of: None | str
        if isinstance(self.as_of, datetime.datetime):
            as_of = self.as_of.isoformat()
        else:
            as_of = self.as_of

        period = self.period

        inputs = self.inputs.to_dict()

        outcomes = self.outcomes.to_dict()

        value = self.value.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "company_id": company_id,
                "data_version": data_version,
                "as_of": as_of,
                "period": period,
                "inputs": inputs,
                "outcomes": outcomes,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.inputs import Inputs  # noqa: PLC0415
        from ..models.outcomes import Outcomes  # noqa: PLC0415
        from ..models.value import Value  # noqa: PLC0415

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

        period = d.pop("period")

        inputs = Inputs.from_dict(d.pop("inputs"))

        outcomes = Outcomes.from_dict(d.pop("outcomes"))

        value = Value.from_dict(d.pop("value"))

        at_a_glance = cls(
            company_id=company_id,
            data_version=data_version,
            as_of=as_of,
            period=period,
            inputs=inputs,
            outcomes=outcomes,
            value=value,
        )

        return at_a_glance
