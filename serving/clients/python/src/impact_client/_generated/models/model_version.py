from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.model_version_definition import ModelVersionDefinition
    from ..models.window import Window


T = TypeVar("T", bound="ModelVersion")


@_attrs_define
class ModelVersion:
    """One version. `definition` is all that decides a score; it is final once the version was used."""

    model_id: str
    provider: str
    purpose: str
    definition: ModelVersionDefinition
    content_sha256: str
    effective_from: datetime.datetime
    description: str
    is_shadow: bool
    """ Scores beside the serving version, without effect. """
    is_listed: bool
    """ The file of models still has it. """
    is_serving: bool
    """ In force at the instant asked for. """
    serving: None | Window
    deactivated_at: datetime.datetime | None
    first_used_at: datetime.datetime | None
    evaluation_id: None | UUID
    """ The newest evaluation of this definition. """
    evaluated_at: datetime.datetime | None
    has_passed: bool | None
    """ The gate's latest word on it; null if it was not asked. """
    failures: list[str] | None
    """ Why it did not pass. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.window import Window  # noqa: PLC0415

        model_id = self.model_id

        provider = self.provider

        purpose = self.purpose

        definition = self.definition.to_dict()

        content_sha256 = self.content_sha256

        effective_from = self.effective_from.isoformat()

        description = self.description

        is_shadow = self.is_shadow

        is_listed = self.is_listed

        is_serving = self.is_serving

        serving: dict[str, Any] | None
        if isinstance(self.serving, Window):
            serving = self.serving.to_dict()
        else:
            serving = self.serving

        deactivated_at: None | str
        if isinstance(self.deactivated_at, datetime.datetime):
            deactivated_at = self.deactivated_at.isoformat()
        else:
            deactivated_at = self.deactivated_at

        first_used_at: None | str
        if isinstance(self.first_used_at, datetime.datetime):
            first_used_at = self.first_used_at.isoformat()
        else:
            first_used_at = self.first_used_at

        evaluation_id: None | str
        if isinstance(self.evaluation_id, UUID):
            evaluation_id = str(self.evaluation_id)
        else:
            evaluation_id = self.evaluation_id

        evaluated_at: None | str
        if isinstance(self.evaluated_at, datetime.datetime):
            evaluated_at = self.evaluated_at.isoformat()
        else:
            evaluated_at = self.evaluated_at

        has_passed: bool | None
        has_passed = self.has_passed

        failures: list[str] | None
        if isinstance(self.failures, list):
            failures = self.failures

        else:
            failures = self.failures

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "model_id": model_id,
                "provider": provider,
                "purpose": purpose,
                "definition": definition,
                "content_sha256": content_sha256,
                "effective_from": effective_from,
                "description": description,
                "is_shadow": is_shadow,
                "is_listed": is_listed,
                "is_serving": is_serving,
                "serving": serving,
                "deactivated_at": deactivated_at,
                "first_used_at": first_used_at,
                "evaluation_id": evaluation_id,
                "evaluated_at": evaluated_at,
                "has_passed": has_passed,
                "failures": failures,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.model_version_definition import ModelVersionDefinition  # noqa: PLC0415
        from ..models.window import Window  # noqa: PLC0415

        d = dict(src_dict)
        model_id = d.pop("model_id")

        provider = d.pop("provider")

        purpose = d.pop("purpose")

        definition = ModelVersionDefinition.from_dict(d.pop("definition"))

        content_sha256 = d.pop("content_sha256")

        effective_from = datetime.datetime.fromisoformat(d.pop("effective_from"))

        description = d.pop("description")

        is_shadow = d.pop("is_shadow")

        is_listed = d.pop("is_listed")

        is_serving = d.pop("is_serving")

        def _parse_serving(data: object) -> None | Window:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                serving_type_0 = Window.from_dict(data)

                return serving_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Window, data)

        serving = _parse_serving(d.pop("serving"))

        def _parse_deactivated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deactivated_at_type_0 = datetime.datetime.fromisoformat(data)

                return deactivated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deactivated_at = _parse_deactivated_at(d.pop("deactivated_at"))

        def _parse_first_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                first_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return first_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        first_used_at = _parse_first_used_at(d.pop("first_used_at"))

        def _parse_evaluation_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                evaluation_id_type_0 = UUID(data)

                return evaluation_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        evaluation_id = _parse_evaluation_id(d.pop("evaluation_id"))

        def _parse_evaluated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                evaluated_at_type_0 = datetime.datetime.fromisoformat(data)

                return evaluated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        evaluated_at = _parse_evaluated_at(d.pop("evaluated_at"))

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

        model_version = cls(
            model_id=model_id,
            provider=provider,
            purpose=purpose,
            definition=definition,
            content_sha256=content_sha256,
            effective_from=effective_from,
            description=description,
            is_shadow=is_shadow,
            is_listed=is_listed,
            is_serving=is_serving,
            serving=serving,
            deactivated_at=deactivated_at,
            first_used_at=first_used_at,
            evaluation_id=evaluation_id,
            evaluated_at=evaluated_at,
            has_passed=has_passed,
            failures=failures,
        )

        model_version.additional_properties = d
        return model_version

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
