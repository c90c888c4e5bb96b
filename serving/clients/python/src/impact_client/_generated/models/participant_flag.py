from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.explanation import Explanation


T = TypeVar("T", bound="ParticipantFlag")


@_attrs_define
class ParticipantFlag:
    """A flag, set or not, with every rule that could set it."""

    flag: str
    is_set: bool
    value: Any
    since: datetime.datetime | None
    """ Null: it has never been set. """
    expires_at: datetime.datetime | None
    rule_id: None | str
    """ The rule that decided. """
    rule_hash: None | str
    changed_at: datetime.datetime | None
    """ When it became known here. """
    why: list[Explanation]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        flag = self.flag

        is_set = self.is_set

        value = self.value

        since: None | str
        if isinstance(self.since, datetime.datetime):
            since = self.since.isoformat()
        else:
            since = self.since

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        rule_id: None | str
        rule_id = self.rule_id

        rule_hash: None | str
        rule_hash = self.rule_hash

        changed_at: None | str
        if isinstance(self.changed_at, datetime.datetime):
            changed_at = self.changed_at.isoformat()
        else:
            changed_at = self.changed_at

        why = []
        for why_item_data in self.why:
            why_item = why_item_data.to_dict()
            why.append(why_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "flag": flag,
                "is_set": is_set,
                "value": value,
                "since": since,
                "expires_at": expires_at,
                "rule_id": rule_id,
                "rule_hash": rule_hash,
                "changed_at": changed_at,
                "why": why,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.explanation import Explanation  # noqa: PLC0415

        d = dict(src_dict)
        flag = d.pop("flag")

        is_set = d.pop("is_set")

        value = d.pop("value")

        def _parse_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.datetime.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        since = _parse_since(d.pop("since"))

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        def _parse_rule_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_id = _parse_rule_id(d.pop("rule_id"))

        def _parse_rule_hash(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rule_hash = _parse_rule_hash(d.pop("rule_hash"))

        def _parse_changed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                changed_at_type_0 = datetime.datetime.fromisoformat(data)

                return changed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        changed_at = _parse_changed_at(d.pop("changed_at"))

        why = []
        _why = d.pop("why")
        for why_item_data in _why:
            why_item = Explanation.from_dict(why_item_data)

            why.append(why_item)

        participant_flag = cls(
            flag=flag,
            is_set=is_set,
            value=value,
            since=since,
            expires_at=expires_at,
            rule_id=rule_id,
            rule_hash=rule_hash,
            changed_at=changed_at,
            why=why,
        )

        participant_flag.additional_properties = d
        return participant_flag

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
