from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change import Change
    from ..models.preview_headers import PreviewHeaders


T = TypeVar("T", bound="Preview")


@_attrs_define
class Preview:
    """What would be sent, byte for byte. Approve it by its hash."""

    preview_id: None | UUID
    """ Of a schedule's preview; null for a delivery's. """
    delivery_id: None | UUID
    schedule_id: UUID
    company_id: UUID
    platform: str
    period: str
    status: str
    method: str
    url: str
    headers: PreviewHeaders
    """ As they are sent; secrets and signatures are masked. """
    content_type: str
    body: str
    """ The frozen bytes as text. Of SOAP without its security header. """
    payload_sha256: str
    data_version: int
    withheld: list[str]
    is_expired: bool
    """ Figures were published anew since: it cannot be approved any more. """
    created_at: datetime.datetime
    compared_with: None | UUID
    """ The last delivery that the partner accepted. """
    changes: list[Change]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        preview_id: None | str
        if isinstance(self.preview_id, UUID):
            preview_id = str(self.preview_id)
        else:
            preview_id = self.preview_id

        delivery_id: None | str
        if isinstance(self.delivery_id, UUID):
            delivery_id = str(self.delivery_id)
        else:
            delivery_id = self.delivery_id

        schedule_id = str(self.schedule_id)

        company_id = str(self.company_id)

        platform = self.platform

        period = self.period

        status = self.status

        method = self.method

        url = self.url

        headers = self.headers.to_dict()

        content_type = self.content_type

        body = self.body

        payload_sha256 = self.payload_sha256

        data_version = self.data_version

        withheld = self.withheld

        is_expired = self.is_expired

        created_at = self.created_at.isoformat()

        compared_with: None | str
        if isinstance(self.compared_with, UUID):
            compared_with = str(self.compared_with)
        else:
            compared_with = self.compared_with

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "preview_id": preview_id,
                "delivery_id": delivery_id,
                "schedule_id": schedule_id,
                "company_id": company_id,
                "platform": platform,
                "period": period,
                "status": status,
                "method": method,
                "url": url,
                "headers": headers,
                "content_type": content_type,
                "body": body,
                "payload_sha256": payload_sha256,
                "data_version": data_version,
                "withheld": withheld,
                "is_expired": is_expired,
                "created_at": created_at,
                "compared_with": compared_with,
                "changes": changes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change import Change  # noqa: PLC0415
        from ..models.preview_headers import PreviewHeaders  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_preview_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                preview_id_type_0 = UUID(data)

                return preview_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        preview_id = _parse_preview_id(d.pop("preview_id"))

        def _parse_delivery_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivery_id_type_0 = UUID(data)

                return delivery_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        delivery_id = _parse_delivery_id(d.pop("delivery_id"))

        schedule_id = UUID(d.pop("schedule_id"))

        company_id = UUID(d.pop("company_id"))

        platform = d.pop("platform")

        period = d.pop("period")

        status = d.pop("status")

        method = d.pop("method")

        url = d.pop("url")

        headers = PreviewHeaders.from_dict(d.pop("headers"))

        content_type = d.pop("content_type")

        body = d.pop("body")

        payload_sha256 = d.pop("payload_sha256")

        data_version = d.pop("data_version")

        withheld = cast(list[str], d.pop("withheld"))

        is_expired = d.pop("is_expired")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_compared_with(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                compared_with_type_0 = UUID(data)

                return compared_with_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        compared_with = _parse_compared_with(d.pop("compared_with"))

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = Change.from_dict(changes_item_data)

            changes.append(changes_item)

        preview = cls(
            preview_id=preview_id,
            delivery_id=delivery_id,
            schedule_id=schedule_id,
            company_id=company_id,
            platform=platform,
            period=period,
            status=status,
            method=method,
            url=url,
            headers=headers,
            content_type=content_type,
            body=body,
            payload_sha256=payload_sha256,
            data_version=data_version,
            withheld=withheld,
            is_expired=is_expired,
            created_at=created_at,
            compared_with=compared_with,
            changes=changes,
        )

        preview.additional_properties = d
        return preview

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
