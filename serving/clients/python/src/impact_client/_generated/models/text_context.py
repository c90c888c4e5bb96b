from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.text_context_type import TextContextType, check_text_context_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="TextContext")


@_attrs_define
class TextContext:
    """Where the text comes from, in the caller's words. It comes back unchanged, like `user_id`."""

    type_: TextContextType | Unset = "other"
    id: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_

        id: None | str | Unset
        if isinstance(self.id, Unset):
            id = UNSET
        else:
            id = self.id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if type_ is not UNSET:
            field_dict["type"] = type_
        if id is not UNSET:
            field_dict["id"] = id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _type_ = d.pop("type", UNSET)
        type_: TextContextType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = check_text_context_type(_type_)

        def _parse_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        id = _parse_id(d.pop("id", UNSET))

        text_context = cls(
            type_=type_,
            id=id,
        )

        return text_context
