from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ApprovalOrder")


@_attrs_define
class ApprovalOrder:
    payload_sha256: str
    """ Of the preview that was looked at. """
    preview_id: None | Unset | UUID = UNSET
    """ Of a schedule's preview. """

    def to_dict(self) -> dict[str, Any]:
        payload_sha256 = self.payload_sha256

        preview_id: None | str | Unset
        if isinstance(self.preview_id, Unset):
            preview_id = UNSET
        elif isinstance(self.preview_id, UUID):
            preview_id = str(self.preview_id)
        else:
            preview_id = self.preview_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "payload_sha256": payload_sha256,
            }
        )
        if preview_id is not UNSET:
            field_dict["preview_id"] = preview_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        payload_sha256 = d.pop("payload_sha256")

        def _parse_preview_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                preview_id_type_0 = UUID(data)

                return preview_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        preview_id = _parse_preview_id(d.pop("preview_id", UNSET))

        approval_order = cls(
            payload_sha256=payload_sha256,
            preview_id=preview_id,
        )

        return approval_order
