from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.company_streams import CompanyStreams


T = TypeVar("T", bound="StreamStats")


@_attrs_define
class StreamStats:
    """The live streams of this process: all of them for an administrator, one's own company otherwise."""

    is_following: bool
    """ Whether this process reads the update log now. """
    epoch: str
    """ Which update log: the first half of every event id. """
    position: int
    """ Sequence of the latest update this process has read. """
    consumers: int
    """ JetStream consumers that follow the log, whatever the connections. """
    reading_log: int
    """ Streams of the process that are behind memory and read the log. """
    rings: int
    """ Rings of latest updates in memory: one per company and set of topics. """
    connections: int
    """ Open streams, of the companies below. """
    companies: list[CompanyStreams]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        is_following = self.is_following

        epoch = self.epoch

        position = self.position

        consumers = self.consumers

        reading_log = self.reading_log

        rings = self.rings

        connections = self.connections

        companies = []
        for companies_item_data in self.companies:
            companies_item = companies_item_data.to_dict()
            companies.append(companies_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "is_following": is_following,
                "epoch": epoch,
                "position": position,
                "consumers": consumers,
                "reading_log": reading_log,
                "rings": rings,
                "connections": connections,
                "companies": companies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.company_streams import CompanyStreams  # noqa: PLC0415

        d = dict(src_dict)
        is_following = d.pop("is_following")

        epoch = d.pop("epoch")

        position = d.pop("position")

        consumers = d.pop("consumers")

        reading_log = d.pop("reading_log")

        rings = d.pop("rings")

        connections = d.pop("connections")

        companies = []
        _companies = d.pop("companies")
        for companies_item_data in _companies:
            companies_item = CompanyStreams.from_dict(companies_item_data)

            companies.append(companies_item)

        stream_stats = cls(
            is_following=is_following,
            epoch=epoch,
            position=position,
            consumers=consumers,
            reading_log=reading_log,
            rings=rings,
            connections=connections,
            companies=companies,
        )

        stream_stats.additional_properties = d
        return stream_stats

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
