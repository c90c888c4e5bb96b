from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.outcomes_dimensions import OutcomesDimensions


T = TypeVar("T", bound="Outcomes")


@_attrs_define
class Outcomes:
    """What came of it; null where nothing is known or it is of too few people (`/metrics` says which)."""

    integration_avg: float | None
    """ Mean integration score, 0 to 100. """
    language_avg: float | None
    """ Mean language level as a share of C2, 0 to 1. """
    job_readiness_avg: float | None
    """ Mean job readiness, 0 to 1. """
    dimensions: OutcomesDimensions
    """ Mean score of feedback per outcome dimension, 0 to 1; empty without scored feedback. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        integration_avg: float | None
        integration_avg = self.integration_avg

        language_avg: float | None
        language_avg = self.language_avg

        job_readiness_avg: float | None
        job_readiness_avg = self.job_readiness_avg

        dimensions = self.dimensions.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "integration_avg": integration_avg,
                "language_avg": language_avg,
                "job_readiness_avg": job_readiness_avg,
                "dimensions": dimensions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.outcomes_dimensions import OutcomesDimensions  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_integration_avg(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        integration_avg = _parse_integration_avg(d.pop("integration_avg"))

        def _parse_language_avg(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        language_avg = _parse_language_avg(d.pop("language_avg"))

        def _parse_job_readiness_avg(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        job_readiness_avg = _parse_job_readiness_avg(d.pop("job_readiness_avg"))

        dimensions = OutcomesDimensions.from_dict(d.pop("dimensions"))

        outcomes = cls(
            integration_avg=integration_avg,
            language_avg=language_avg,
            job_readiness_avg=job_readiness_avg,
            dimensions=dimensions,
        )

        outcomes.additional_properties = d
        return outcomes

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
