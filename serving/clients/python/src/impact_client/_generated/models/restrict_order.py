from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.restrict_order_ground import (
    RestrictOrderGround,
    check_restrict_order_ground,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.subject_reference import SubjectReference


T = TypeVar("T", bound="RestrictOrder")


@_attrs_define
class RestrictOrder:
    subject: None | SubjectReference | Unset = UNSET
    """ Left out by a participant or volunteer who asks for themselves. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform: only one company's data. Left out, all. """
    ground: RestrictOrderGround | Unset = "accuracy"
    """ `objection` makes it a request under the right to object. """

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

        ground: str | Unset = UNSET
        if not isinstance(self.ground, Unset):
            ground = self.ground

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if subject is not UNSET:
            field_dict["subject"] = subject
        if company_id is not UNSET:
            field_dict["company_id"] = company_id
        if ground is not UNSET:
            field_dict["ground"] = ground

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

        _ground = d.pop("ground", UNSET)
        ground: RestrictOrderGround | Unset
        if isinstance(_ground, Unset):
            ground = UNSET
        else:
            ground = check_restrict_order_ground(_ground)

        restrict_order = cls(
            subject=subject,
            company_id=company_id,
            ground=ground,
        )

        return restrict_order
