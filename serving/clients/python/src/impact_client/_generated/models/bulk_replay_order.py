from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BulkReplayOrder")


@_attrs_define
class BulkReplayOrder:
    delivery_ids: list[UUID] | None | Unset = UNSET
    platform: None | str | Unset = UNSET
    period: None | str | Unset = UNSET
    dry_run: bool | Unset = False
    """ Only say which. """

    def to_dict(self) -> dict[str, Any]:
        delivery_ids: list[str] | None | Unset
        if isinstance(self.delivery_ids, Unset):
            delivery_ids = UNSET
        elif isinstance(self.delivery_ids, list):
            delivery_ids = []
            for delivery_ids_type_0_item_data in self.delivery_ids:
                delivery_ids_type_0_item = str(delivery_ids_type_0_item_data)
                delivery_ids.append(delivery_ids_type_0_item)

        else:
            delivery_ids = self.delivery_ids

        platform: None | str | Unset
        if isinstance(self.platform, Unset):
            platform = UNSET
        else:
            platform = self.platform

        period: None | str | Unset
        if isinstance(self.period, Unset):
            period = UNSET
        else:
            period = self.period

        dry_run = self.dry_run

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if delivery_ids is not UNSET:
            field_dict["delivery_ids"] = delivery_ids
        if platform is not UNSET:
            field_dict["platform"] = platform
        if period is not UNSET:
            field_dict["period"] = period
        if dry_run is not UNSET:
            field_dict["dry_run"] = dry_run

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_delivery_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                delivery_ids_type_0 = []
                _delivery_ids_type_0 = data
                for delivery_ids_type_0_item_data in _delivery_ids_type_0:
                    delivery_ids_type_0_item = UUID(delivery_ids_type_0_item_data)

                    delivery_ids_type_0.append(delivery_ids_type_0_item)

                return delivery_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        delivery_ids = _parse_delivery_ids(d.pop("delivery_ids", UNSET))

        def _parse_platform(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        platform = _parse_platform(d.pop("platform", UNSET))

        def _parse_period(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        period = _parse_period(d.pop("period", UNSET))

        dry_run = d.pop("dry_run", UNSET)

        bulk_replay_order = cls(
            delivery_ids=delivery_ids,
            platform=platform,
            period=period,
            dry_run=dry_run,
        )

        return bulk_replay_order
