from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cohort_filters import CohortFilters


T = TypeVar("T", bound="Cohort")


@_attrs_define
class Cohort:
    cohort_id: UUID
    name: str
    filters: CohortFilters
    created_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        cohort_id = str(self.cohort_id)

        name = self.name

        filters = self.filters.to_dict()

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cohort_id": cohort_id,
                "name": name,
                "filters": filters,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cohort_filters import CohortFilters  # noqa: PLC0415

        d = dict(src_dict)
        cohort_id = UUID(d.pop("cohort_id"))

        name = d.pop("name")

        filters = CohortFilters.from_dict(d.pop("filters"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        cohort = cls(
            cohort_id=cohort_id,
            name=name,
            filters=filters,
            created_at=created_at,
        )

        return cohort
