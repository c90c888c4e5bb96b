from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.schedule_cadence import ScheduleCadence, check_schedule_cadence
from ..models.schedule_grain import ScheduleGrain, check_schedule_grain
from ..models.schedule_missed import ScheduleMissed, check_schedule_missed

T = TypeVar("T", bound="Schedule")


@_attrs_define
class Schedule:
    schedule_id: UUID
    company_id: UUID
    platform: str
    cadence: ScheduleCadence
    cron: None | str
    grain: ScheduleGrain
    hour: int
    time_zone: None | str
    missed: ScheduleMissed
    requires_approval: bool
    sends_corrections: bool
    is_active: bool
    version: int
    """ Send it as `If-Match` with a change. """
    next_due_at: datetime.datetime
    created_at: datetime.datetime
    created_by: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        schedule_id = str(self.schedule_id)

        company_id = str(self.company_id)

        platform = self.platform

        cadence: str = self.cadence

        cron: None | str
        cron = self.cron

        grain: str = self.grain

        hour = self.hour

        time_zone: None | str
        time_zone = self.time_zone

        missed: str = self.missed

        requires_approval = self.requires_approval

        sends_corrections = self.sends_corrections

        is_active = self.is_active

        version = self.version

        next_due_at = self.next_due_at.isoformat()

        created_at = self.created_at.isoformat()

        created_by = self.created_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "schedule_id": schedule_id,
                "company_id": company_id,
                "platform": platform,
                "cadence": cadence,
                "cron": cron,
                "grain": grain,
                "hour": hour,
                "time_zone": time_zone,
                "missed": missed,
                "requires_approval": requires_approval,
                "sends_corrections": sends_corrections,
                "is_active": is_active,
                "version": version,
                "next_due_at": next_due_at,
                "created_at": created_at,
                "created_by": created_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        schedule_id = UUID(d.pop("schedule_id"))

        company_id = UUID(d.pop("company_id"))

        platform = d.pop("platform")

        cadence = check_schedule_cadence(d.pop("cadence"))

        def _parse_cron(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        cron = _parse_cron(d.pop("cron"))

        grain = check_schedule_grain(d.pop("grain"))

        hour = d.pop("hour")

        def _parse_time_zone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        time_zone = _parse_time_zone(d.pop("time_zone"))

        missed = check_schedule_missed(d.pop("missed"))

        requires_approval = d.pop("requires_approval")

        sends_corrections = d.pop("sends_corrections")

        is_active = d.pop("is_active")

        version = d.pop("version")

        next_due_at = datetime.datetime.fromisoformat(d.pop("next_due_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        schedule = cls(
            schedule_id=schedule_id,
            company_id=company_id,
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
            version=version,
            next_due_at=next_due_at,
            created_at=created_at,
            created_by=created_by,
        )

        schedule.additional_properties = d
        return schedule

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
