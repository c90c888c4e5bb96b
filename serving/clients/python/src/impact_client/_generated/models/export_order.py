from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.export_order_right import ExportOrderRight, check_export_order_right
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.subject_reference import SubjectReference


T = TypeVar("T", bound="ExportOrder")


@_attrs_define
class ExportOrder:
    subject: None | SubjectReference | Unset = UNSET
    """ Left out by a participant or volunteer who asks for themselves. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform: only one company's data. Left out, all. """
    right: ExportOrderRight | Unset = "access"
    """ The file is the same. """

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

        right: str | Unset = UNSET
        if not isinstance(self.right, Unset):
            right = self.right

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if subject is not UNSET:
            field_dict["subject"] = subject
        if company_id is not UNSET:
            field_dict["company_id"] = company_id
        if right is not UNSET:
            field_dict["right"] = right

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

        _right = d.pop("right", UNSET)
        right: ExportOrderRight | Unset
        if isinstance(_right, Unset):
            right = UNSET
        else:
            right = check_export_order_right(_right)

        export_order = cls(
            subject=subject,
            company_id=company_id,
            right=right,
        )

        return export_order
