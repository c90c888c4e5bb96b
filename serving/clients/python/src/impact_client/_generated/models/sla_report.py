from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.platform_sla import PlatformSla
    from ..models.sla_exception import SlaException
    from ..models.sla_month import SlaMonth
    from ..models.sla_report_promise import SlaReportPromise


T = TypeVar("T", bound="SlaReport")


@_attrs_define
class SlaReport:
    first_month: str
    last_month: str
    promise: SlaReportPromise
    overall: list[PlatformSla]
    """ Over all these months; failures in a row are the most there were. """
    items: list[SlaMonth]
    exceptions: list[SlaException]
    """ The oldest first, up to 500. """
    exceptions_left_out: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first_month = self.first_month

        last_month = self.last_month

        promise = self.promise.to_dict()

        overall = []
        for overall_item_data in self.overall:
            overall_item = overall_item_data.to_dict()
            overall.append(overall_item)

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        exceptions = []
        for exceptions_item_data in self.exceptions:
            exceptions_item = exceptions_item_data.to_dict()
            exceptions.append(exceptions_item)

        exceptions_left_out = self.exceptions_left_out

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first_month": first_month,
                "last_month": last_month,
                "promise": promise,
                "overall": overall,
                "items": items,
                "exceptions": exceptions,
                "exceptions_left_out": exceptions_left_out,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.platform_sla import PlatformSla  # noqa: PLC0415
        from ..models.sla_exception import SlaException  # noqa: PLC0415
        from ..models.sla_month import SlaMonth  # noqa: PLC0415
        from ..models.sla_report_promise import SlaReportPromise  # noqa: PLC0415

        d = dict(src_dict)
        first_month = d.pop("first_month")

        last_month = d.pop("last_month")

        promise = SlaReportPromise.from_dict(d.pop("promise"))

        overall = []
        _overall = d.pop("overall")
        for overall_item_data in _overall:
            overall_item = PlatformSla.from_dict(overall_item_data)

            overall.append(overall_item)

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = SlaMonth.from_dict(items_item_data)

            items.append(items_item)

        exceptions = []
        _exceptions = d.pop("exceptions")
        for exceptions_item_data in _exceptions:
            exceptions_item = SlaException.from_dict(exceptions_item_data)

            exceptions.append(exceptions_item)

        exceptions_left_out = d.pop("exceptions_left_out")

        sla_report = cls(
            first_month=first_month,
            last_month=last_month,
            promise=promise,
            overall=overall,
            items=items,
            exceptions=exceptions,
            exceptions_left_out=exceptions_left_out,
        )

        sla_report.additional_properties = d
        return sla_report

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
