from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.schedule_change_cadence_type_0 import (
    ScheduleChangeCadenceType0,
    check_schedule_change_cadence_type_0,
)
from ..models.schedule_change_grain_type_0 import (
    ScheduleChangeGrainType0,
    check_schedule_change_grain_type_0,
)
from ..models.schedule_change_missed_type_0 import (
    ScheduleChangeMissedType0,
    check_schedule_change_missed_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ScheduleChange")


@_attrs_define
class ScheduleChange:
    """Only what is named is changed."""

    cadence: None | ScheduleChangeCadenceType0 | Unset = UNSET
    cron: None | str | Unset = UNSET
    grain: None | ScheduleChangeGrainType0 | Unset = UNSET
    hour: int | None | Unset = UNSET
    time_zone: None | str | Unset = UNSET
    missed: None | ScheduleChangeMissedType0 | Unset = UNSET
    requires_approval: bool | None | Unset = UNSET
    sends_corrections: bool | None | Unset = UNSET
    is_active: bool | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        cadence: None | str | Unset
        if isinstance(self.cadence, Unset):
            cadence = UNSET
        elif isinstance(self.cadence, str):
            cadence = self.cadence
        else:
            cadence = self.cadence

        cron: None | str | Unset
        if isinstance(self.cron, Unset):
            cron = UNSET
        else:
            cron = self.cron

        grain: None | str | Unset
        if isinstance(self.grain, Unset):
            grain = UNSET
        elif isinstance(self.grain, str):
            grain = self.grain
        else:
            grain = self.grain

        hour: int | None | Unset
        if isinstance(self.hour, Unset):
            hour = UNSET
        else:
            hour = self.hour

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        missed: None | str | Unset
        if isinstance(self.missed, Unset):
            missed = UNSET
        elif isinstance(self.missed, str):
            missed = self.missed
        else:
            missed = self.missed

        requires_approval: bool | None | Unset
        if isinstance(self.requires_approval, Unset):
            requires_approval = UNSET
        else:
            requires_approval = self.requires_approval

        sends_corrections: bool | None | Unset
        if isinstance(self.sends_corrections, Unset):
            sends_corrections = UNSET
        else:
            sends_corrections = self.sends_corrections

        is_active: bool | None | Unset
        if isinstance(self.is_active, Unset):
            is_active = UNSET
        else:
            is_active = self.is_active

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if cadence is not UNSET:
            field_dict["cadence"] = cadence
        if cron is not UNSET:
            field_dict["cron"] = cron
        if grain is not UNSET:
            field_dict["grain"] = grain
        if hour is not UNSET:
            field_dict["hour"] = hour
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if missed is not UNSET:
            field_dict["missed"] = missed
        if requires_approval is not UNSET:
            field_dict["requires_approval"] = requires_approval
        if sends_corrections is not UNSET:
            field_dict["sends_corrections"] = sends_corrections
        if is_active is not UNSET:
            field_dict["is_active"] = is_active

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_cadence(data: object) -> None | ScheduleChangeCadenceType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cadence_type_0 = check_schedule_change_cadence_type_0(data)

                return cadence_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScheduleChangeCadenceType0 | Unset, data)

        cadence = _parse_cadence(d.pop("cadence", UNSET))

        def _parse_cron(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cron = _parse_cron(d.pop("cron", UNSET))

        def _parse_grain(data: object) -> None | ScheduleChangeGrainType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                grain_type_0 = check_schedule_change_grain_type_0(data)

                return grain_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScheduleChangeGrainType0 | Unset, data)

        grain = _parse_grain(d.pop("grain", UNSET))

        def _parse_hour(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        hour = _parse_hour(d.pop("hour", UNSET))

        def _parse_time_zone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        def _parse_missed(data: object) -> None | ScheduleChangeMissedType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                missed_type_0 = check_schedule_change_missed_type_0(data)

                return missed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScheduleChangeMissedType0 | Unset, data)

        missed = _parse_missed(d.pop("missed", UNSET))

        def _parse_requires_approval(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        requires_approval = _parse_requires_approval(d.pop("requires_approval", UNSET))

        def _parse_sends_corrections(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        sends_corrections = _parse_sends_corrections(d.pop("sends_corrections", UNSET))

        def _parse_is_active(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_active = _parse_is_active(d.pop("is_active", UNSET))

        schedule_change = cls(
            cadence=cadence,
            cron=cron,
            grain=grain,
            hour=hour,
            time_zone=time_zone,
            missed=missed,
            requires_approval=requires_approval,
            sends_corrections=sends_corrections,
            is_active=is_active,
        )

        return schedule_change
