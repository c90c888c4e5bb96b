from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.connection_options import ConnectionOptions


T = TypeVar("T", bound="Connection")


@_attrs_define
class Connection:
    company_id: UUID
    platform: str
    connector: str
    base_url: str
    options: ConnectionOptions
    mapping_version: None | str
    secrets: list[str]
    """ Names of the secrets that are kept; they are shown to nobody. """
    missing_secrets: list[str]
    """ Those it needs and has not. """
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        company_id = str(self.company_id)

        platform = self.platform

        connector = self.connector

        base_url = self.base_url

        options = self.options.to_dict()

        mapping_version: None | str
        mapping_version = self.mapping_version

        secrets = self.secrets

        missing_secrets = self.missing_secrets

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "company_id": company_id,
                "platform": platform,
                "connector": connector,
                "base_url": base_url,
                "options": options,
                "mapping_version": mapping_version,
                "secrets": secrets,
                "missing_secrets": missing_secrets,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connection_options import ConnectionOptions  # noqa: PLC0415

        d = dict(src_dict)
        company_id = UUID(d.pop("company_id"))

        platform = d.pop("platform")

        connector = d.pop("connector")

        base_url = d.pop("base_url")

        options = ConnectionOptions.from_dict(d.pop("options"))

        def _parse_mapping_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        mapping_version = _parse_mapping_version(d.pop("mapping_version"))

        secrets = cast(list[str], d.pop("secrets"))

        missing_secrets = cast(list[str], d.pop("missing_secrets"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        connection = cls(
            company_id=company_id,
            platform=platform,
            connector=connector,
            base_url=base_url,
            options=options,
            mapping_version=mapping_version,
            secrets=secrets,
            missing_secrets=missing_secrets,
            updated_at=updated_at,
        )

        connection.additional_properties = d
        return connection

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
