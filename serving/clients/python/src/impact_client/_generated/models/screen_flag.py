from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.screen_flag_severity_type_0 import (
    ScreenFlagSeverityType0,
    check_screen_flag_severity_type_0,
)

T = TypeVar("T", bound="ScreenFlag")


@_attrs_define
class ScreenFlag:
    type_: str
    """ A category, or `pii`. """
    reason: str
    """ The rule, or the kind of personal data. """
    severity: None | ScreenFlagSeverityType0
    confidence: float
    start: int | None
    end: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        reason = self.reason

        severity: None | str
        if isinstance(self.severity, str):
            severity = self.severity
        else:
            severity = self.severity

        confidence = self.confidence

        start: int | None
        start = self.start

        end: int | None
        end = self.end

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "reason": reason,
                "severity": severity,
                "confidence": confidence,
                "start": start,
                "end": end,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = d.pop("type")

        reason = d.pop("reason")

        def _parse_severity(data: object) -> None | ScreenFlagSeverityType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                severity_type_0 = check_screen_flag_severity_type_0(data)

                return severity_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScreenFlagSeverityType0, data)

        severity = _parse_severity(d.pop("severity"))

        confidence = d.pop("confidence")

        def _parse_start(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        start = _parse_start(d.pop("start"))

        def _parse_end(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        end = _parse_end(d.pop("end"))

        screen_flag = cls(
            type_=type_,
            reason=reason,
            severity=severity,
            confidence=confidence,
            start=start,
            end=end,
        )

        screen_flag.additional_properties = d
        return screen_flag

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
