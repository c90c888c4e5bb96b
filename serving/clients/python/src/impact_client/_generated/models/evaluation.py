from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.evaluation_figures import EvaluationFigures


T = TypeVar("T", bound="Evaluation")


@_attrs_define
class Evaluation:
    """What a version showed on a labelled set."""

    evaluation_id: UUID
    model_id: str
    content_sha256: str
    """ Of the definition that was evaluated. """
    set_version: str
    set_sha256: str
    split: str
    evaluated_at: datetime.datetime
    has_passed: bool | None
    failures: list[str] | None
    figures: EvaluationFigures
    """ Per language and label, with counts and 95 % intervals. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        evaluation_id = str(self.evaluation_id)

        model_id = self.model_id

        content_sha256 = self.content_sha256

        set_version = self.set_version

        set_sha256 = self.set_sha256

        split = self.split

        evaluated_at = self.evaluated_at.isoformat()

        has_passed: bool | None
        has_passed = self.has_passed

        failures: list[str] | None
        if isinstance(self.failures, list):
            failures = self.failures

        else:
            failures = self.failures

        figures = self.figures.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "evaluation_id": evaluation_id,
                "model_id": model_id,
                "content_sha256": content_sha256,
                "set_version": set_version,
                "set_sha256": set_sha256,
                "split": split,
                "evaluated_at": evaluated_at,
                "has_passed": has_passed,
                "failures": failures,
                "figures": figures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.evaluation_figures import EvaluationFigures  # noqa: PLC0415

        d = dict(src_dict)
        evaluation_id = UUID(d.pop("evaluation_id"))

        model_id = d.pop("model_id")

        content_sha256 = d.pop("content_sha256")

        set_version = d.pop("set_version")

        set_sha256 = d.pop("set_sha256")

        split = d.pop("split")

        evaluated_at = datetime.datetime.fromisoformat(d.pop("evaluated_at"))

        def _parse_has_passed(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        has_passed = _parse_has_passed(d.pop("has_passed"))

        def _parse_failures(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                failures_type_0 = cast(list[str], data)

                return failures_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        failures = _parse_failures(d.pop("failures"))

        figures = EvaluationFigures.from_dict(d.pop("figures"))

        evaluation = cls(
            evaluation_id=evaluation_id,
            model_id=model_id,
            content_sha256=content_sha256,
            set_version=set_version,
            set_sha256=set_sha256,
            split=split,
            evaluated_at=evaluated_at,
            has_passed=has_passed,
            failures=failures,
            figures=figures,
        )

        evaluation.additional_properties = d
        return evaluation

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
