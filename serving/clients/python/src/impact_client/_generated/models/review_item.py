from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.review_item_action import ReviewItemAction, check_review_item_action
from ..models.review_item_severity import ReviewItemSeverity, check_review_item_severity
from ..models.review_item_state import ReviewItemState, check_review_item_state
from ..models.review_item_text_type import (
    ReviewItemTextType,
    check_review_item_text_type,
)

T = TypeVar("T", bound="ReviewItem")


@_attrs_define
class ReviewItem:
    """A flagged text without its words."""

    item_id: UUID
    """ Also the flag's id in `safety.flag.raised`. """
    text_id: UUID
    text_type: ReviewItemTextType
    """ `api_text`: a caller sent it for labelling and it was held; no event holds it. """
    company_id: None | UUID
    """ Null: no company is known; the platform's administrators review it. """
    person_id: None | UUID
    """ Whom the text is about, as a pseudonym. """
    written_at: datetime.datetime
    language: str
    action: ReviewItemAction
    category: str
    """ Of the gravest finding. """
    categories: list[str]
    rules: list[str]
    """ The rules that found something. """
    severity: ReviewItemSeverity
    confidence: float
    safety_version: str
    is_crisis: bool
    """ Somebody may be in danger; letting it pass takes two reviewers. """
    state: ReviewItemState
    version: int
    """ Send it as `If-Match` with a decision. """
    raised_at: datetime.datetime
    due_at: datetime.datetime
    is_overdue: bool
    is_superseded: bool
    """ A newer version of the text has taken its place. """
    assignee: None | str
    """ Who has claimed it. """
    lease_until: datetime.datetime | None
    awaits_second_reviewer: bool
    decided_at: datetime.datetime | None
    is_waiting: bool
    """ Decided, and the gate has not carried it out. """
    failed_tries: int
    """ How often that failed since: an approved text that cannot be redacted stays back. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        item_id = str(self.item_id)

        text_id = str(self.text_id)

        text_type: str = self.text_type

        company_id: None | str
        if isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        person_id: None | str
        if isinstance(self.person_id, UUID):
            person_id = str(self.person_id)
        else:
            person_id = self.person_id

        written_at = self.written_at.isoformat()

        language = self.language

        action: str = self.action

        category = self.category

        categories = self.categories

        rules = self.rules

        severity: str = self.severity

        confidence = self.confidence

        safety_version = self.safety_version

        is_crisis = self.is_crisis

        state: str = self.state

        version = self.version

        raised_at = self.raised_at.isoformat()

        due_at = self.due_at.isoformat()

        is_overdue = self.is_overdue

        is_superseded = self.is_superseded

        assignee: None | str
        assignee = self.assignee

        lease_until: None | str
        if isinstance(self.lease_until, datetime.datetime):
            lease_until = self.lease_until.isoformat()
        else:
            lease_until = self.lease_until

        awaits_second_reviewer = self.awaits_second_reviewer

        decided_at: None | str
        if isinstance(self.decided_at, datetime.datetime):
            decided_at = self.decided_at.isoformat()
        else:
            decided_at = self.decided_at

        is_waiting = self.is_waiting

        failed_tries = self.failed_tries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "item_id": item_id,
                "text_id": text_id,
                "text_type": text_type,
                "company_id": company_id,
                "person_id": person_id,
                "written_at": written_at,
                "language": language,
                "action": action,
                "category": category,
                "categories": categories,
                "rules": rules,
                "severity": severity,
                "confidence": confidence,
                "safety_version": safety_version,
                "is_crisis": is_crisis,
                "state": state,
                "version": version,
                "raised_at": raised_at,
                "due_at": due_at,
                "is_overdue": is_overdue,
                "is_superseded": is_superseded,
                "assignee": assignee,
                "lease_until": lease_until,
                "awaits_second_reviewer": awaits_second_reviewer,
                "decided_at": decided_at,
                "is_waiting": is_waiting,
                "failed_tries": failed_tries,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        item_id = UUID(d.pop("item_id"))

        text_id = UUID(d.pop("text_id"))

        text_type = check_review_item_text_type(d.pop("text_type"))

        def _parse_company_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                company_id_type_0 = UUID(data)

                return company_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        company_id = _parse_company_id(d.pop("company_id"))

        def _parse_person_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                person_id_type_0 = UUID(data)

                return person_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        person_id = _parse_person_id(d.pop("person_id"))

        written_at = datetime.datetime.fromisoformat(d.pop("written_at"))

        language = d.pop("language")

        action = check_review_item_action(d.pop("action"))

        category = d.pop("category")

        categories = cast(list[str], d.pop("categories"))

        rules = cast(list[str], d.pop("rules"))

        severity = check_review_item_severity(d.pop("severity"))

        confidence = d.pop("confidence")

        safety_version = d.pop("safety_version")

        is_crisis = d.pop("is_crisis")

        state = check_review_item_state(d.pop("state"))

        version = d.pop("version")

        raised_at = datetime.datetime.fromisoformat(d.pop("raised_at"))

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))

        is_overdue = d.pop("is_overdue")

        is_superseded = d.pop("is_superseded")

        def _parse_assignee(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        assignee = _parse_assignee(d.pop("assignee"))

        def _parse_lease_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                lease_until_type_0 = datetime.datetime.fromisoformat(data)

                return lease_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        lease_until = _parse_lease_until(d.pop("lease_until"))

        awaits_second_reviewer = d.pop("awaits_second_reviewer")

        def _parse_decided_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decided_at_type_0 = datetime.datetime.fromisoformat(data)

                return decided_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decided_at = _parse_decided_at(d.pop("decided_at"))

        is_waiting = d.pop("is_waiting")

        failed_tries = d.pop("failed_tries")

        review_item = cls(
            item_id=item_id,
            text_id=text_id,
            text_type=text_type,
            company_id=company_id,
            person_id=person_id,
            written_at=written_at,
            language=language,
            action=action,
            category=category,
            categories=categories,
            rules=rules,
            severity=severity,
            confidence=confidence,
            safety_version=safety_version,
            is_crisis=is_crisis,
            state=state,
            version=version,
            raised_at=raised_at,
            due_at=due_at,
            is_overdue=is_overdue,
            is_superseded=is_superseded,
            assignee=assignee,
            lease_until=lease_until,
            awaits_second_reviewer=awaits_second_reviewer,
            decided_at=decided_at,
            is_waiting=is_waiting,
            failed_tries=failed_tries,
        )

        review_item.additional_properties = d
        return review_item

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
