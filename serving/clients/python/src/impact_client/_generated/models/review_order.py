from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.review_order_decision import (
    ReviewOrderDecision,
    check_review_order_decision,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReviewOrder")


@_attrs_define
class ReviewOrder:
    """A decision. Approved: models and reports may read the text. Rejected: they may not, or no longer."""

    decision: ReviewOrderDecision
    notes: None | str | Unset = UNSET
    """ For the next reviewer. Leave names out. """
    is_flag_right: bool | None | Unset = UNSET
    """ Whether the rules were right to flag it: the label by which they are judged. Without it, a rejection says
    yes and an approval no, except for cries for help, where neither says anything. """
    version: int | None | Unset = UNSET
    """ The item's version, where `If-Match` cannot be sent. """

    def to_dict(self) -> dict[str, Any]:
        decision: str = self.decision

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

        is_flag_right: bool | None | Unset
        if isinstance(self.is_flag_right, Unset):
            is_flag_right = UNSET
        else:
            is_flag_right = self.is_flag_right

        version: int | None | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "decision": decision,
            }
        )
        if notes is not UNSET:
            field_dict["notes"] = notes
        if is_flag_right is not UNSET:
            field_dict["is_flag_right"] = is_flag_right
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        decision = check_review_order_decision(d.pop("decision"))

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

        def _parse_is_flag_right(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        is_flag_right = _parse_is_flag_right(d.pop("is_flag_right", UNSET))

        def _parse_version(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        review_order = cls(
            decision=decision,
            notes=notes,
            is_flag_right=is_flag_right,
            version=version,
        )

        return review_order
