from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.subject_reference import SubjectReference


T = TypeVar("T", bound="DeleteOrder")


@_attrs_define
class DeleteOrder:
    subject: None | SubjectReference | Unset = UNSET
    """ Left out by a participant or volunteer who asks for themselves. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform: only one company's data. Left out, all. """
    immediate: bool | Unset = False
    """ Without the 30 days of grace; for administrators, with a reason. """
    reason: None | str | Unset = UNSET
    """ Kept with the request. Name nobody. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.subject_reference import SubjectReference  # noqa: PLC0415

        subject: dict[str, Any] | None | Unset
        if isinstance(self.subject, Unset):
            subject = UNSET
        elif isinstance(self.subject, SubjectReference):
            subject = self.subject.to_dict()
        else:
            subject = self.subject

        company_id: None | str | Unset
        if isinstance(self.company_id, Unset):
            company_id = UNSET
        elif isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        immediate = self.immediate

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if subject is not UNSET:
            field_dict["subject"] = subject
        if company_id is not UNSET:
            field_dict["company_id"] = company_id
        if immediate is not UNSET:
            field_dict["immediate"] = immediate
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.subject_reference import SubjectReference  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_subject(data: object) -> None | SubjectReference | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                subject_type_0 = SubjectReference.from_dict(data)

                return subject_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SubjectReference | Unset, data)

        subject = _parse_subject(d.pop("subject", UNSET))

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

        immediate = d.pop("immediate", UNSET)

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        delete_order = cls(
            subject=subject,
            company_id=company_id,
            immediate=immediate,
            reason=reason,
        )

        return delete_order
