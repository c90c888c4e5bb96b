from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.connection_order_options import ConnectionOrderOptions


T = TypeVar("T", bound="ConnectionOrder")


@_attrs_define
class ConnectionOrder:
    connector: str
    base_url: str
    options: ConnectionOrderOptions | Unset = UNSET
    mapping_version: None | str | Unset = UNSET
    """ Without it, the newest. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform. """

    def to_dict(self) -> dict[str, Any]:
        connector = self.connector

        base_url = self.base_url

        options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options.to_dict()

        mapping_version: None | str | Unset
        if isinstance(self.mapping_version, Unset):
            mapping_version = UNSET
        else:
            mapping_version = self.mapping_version

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
                "connector": connector,
                "base_url": base_url,
            }
        )
        if options is not UNSET:
            field_dict["options"] = options
        if mapping_version is not UNSET:
            field_dict["mapping_version"] = mapping_version
        if company_id is not UNSET:
            field_dict["company_id"] = company_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.connection_order_options import ConnectionOrderOptions  # noqa: PLC0415

        d = dict(src_dict)
        connector = d.pop("connector")

        base_url = d.pop("base_url")

        _options = d.pop("options", UNSET)
        options: ConnectionOrderOptions | Unset
        if isinstance(_options, Unset):
            options = UNSET
        else:
            options = ConnectionOrderOptions.from_dict(_options)

        def _parse_mapping_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        mapping_version = _parse_mapping_version(d.pop("mapping_version", UNSET))

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

        connection_order = cls(
            connector=connector,
            base_url=base_url,
            options=options,
            mapping_version=mapping_version,
            company_id=company_id,
        )

        return connection_order
