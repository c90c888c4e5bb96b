from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.schedule_order_cadence import (
    ScheduleOrderCadence,
    check_schedule_order_cadence,
)
from ..models.schedule_order_grain_type_0 import (
    ScheduleOrderGrainType0,
    check_schedule_order_grain_type_0,
)
from ..models.schedule_order_missed import (
    ScheduleOrderMissed,
    check_schedule_order_missed,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ScheduleOrder")


@_attrs_define
class ScheduleOrder:
    """When a company's numbers go to a platform."""

    platform: str
    cadence: ScheduleOrderCadence
    cron: None | str | Unset = UNSET
    """ Five fields; for cadence `cron` alone. """
    grain: None | ScheduleOrderGrainType0 | Unset = UNSET
    """ The period that is reported; follows from the cadence, and is a month for `cron`. """
    hour: int | Unset = 0
    """ Of the day, on the schedule's clock. """
    time_zone: None | str | Unset = UNSET
    """ IANA name; without it, the company's. """
    missed: ScheduleOrderMissed | Unset = "latest"
    """ Of slots that came due while nobody planned: send the latest, all, or none. """
    requires_approval: bool | Unset = False
    """ Nothing leaves before somebody has seen its preview. """
    sends_corrections: bool | Unset = True
    is_active: bool | Unset = True
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform. """

    def to_dict(self) -> dict[str, Any]:
        platform = self.platform

        cadence: str = self.cadence

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

        hour = self.hour

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        else:
            time_zone = self.time_zone

        missed: str | Unset = UNSET
        if not isinstance(self.missed, Unset):
            missed = self.missed

        requires_approval = self.requires_approval

        sends_corrections = self.sends_corrections

        is_active = self.is_active

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
                "platform": platform,
                "cadence": cadence,
            }
        )
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
        if company_id is not UNSET:
            field_dict["company_id"] = company_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        platform = d.pop("platform")

        cadence = check_schedule_order_cadence(d.pop("cadence"))

        def _parse_cron(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cron = _parse_cron(d.pop("cron", UNSET))

        def _parse_grain(data: object) -> None | ScheduleOrderGrainType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                grain_type_0 = check_schedule_order_grain_type_0(data)

                return grain_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScheduleOrderGrainType0 | Unset, data)

        grain = _parse_grain(d.pop("grain", UNSET))

        hour = d.pop("hour", UNSET)

        def _parse_time_zone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        _missed = d.pop("missed", UNSET)
        missed: ScheduleOrderMissed | Unset
        if isinstance(_missed, Unset):
            missed = UNSET
        else:
            missed = check_schedule_order_missed(_missed)

        requires_approval = d.pop("requires_approval", UNSET)

        sends_corrections = d.pop("sends_corrections", UNSET)

        is_active = d.pop("is_active", UNSET)

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

        schedule_order = cls(
            platform=platform,
            cadence=cadence,
            cron=cron,
            grain=grain,
            hour=hour,
            time_zone=time_zone,
            missed=missed,
            requires_approval=requires_approval,
            sends_corrections=sends_corrections,
            is_active=is_active,
            company_id=company_id,
        )

        return schedule_order
