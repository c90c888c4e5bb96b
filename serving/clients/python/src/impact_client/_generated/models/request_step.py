from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.request_step_state import RequestStepState, check_request_step_state

if TYPE_CHECKING:
    from ..models.request_step_detail import RequestStepDetail


T = TypeVar("T", bound="RequestStep")


@_attrs_define
class RequestStep:
    """One line of what happened."""

    state: RequestStepState
    step: None | str
    progress: int
    detail: RequestStepDetail
    """ Counts and ids of things. """
    recorded_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state: str = self.state

        step: None | str
        step = self.step

        progress = self.progress

        detail = self.detail.to_dict()

        recorded_at = self.recorded_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "state": state,
                "step": step,
                "progress": progress,
                "detail": detail,
                "recorded_at": recorded_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.request_step_detail import RequestStepDetail  # noqa: PLC0415

        d = dict(src_dict)
        state = check_request_step_state(d.pop("state"))

        def _parse_step(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        step = _parse_step(d.pop("step"))

        progress = d.pop("progress")

        detail = RequestStepDetail.from_dict(d.pop("detail"))

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        request_step = cls(
            state=state,
            step=step,
            progress=progress,
            detail=detail,
            recorded_at=recorded_at,
        )

        request_step.additional_properties = d
        return request_step

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
