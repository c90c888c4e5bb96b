from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.consent_order_language import (
    ConsentOrderLanguage,
    check_consent_order_language,
)
from ..models.consent_order_legal_basis import (
    ConsentOrderLegalBasis,
    check_consent_order_legal_basis,
)
from ..models.consent_order_method import ConsentOrderMethod, check_consent_order_method
from ..models.consent_order_purpose import (
    ConsentOrderPurpose,
    check_consent_order_purpose,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.subject_reference import SubjectReference


T = TypeVar("T", bound="ConsentOrder")


@_attrs_define
class ConsentOrder:
    """What a person has answered, and to which words."""

    purpose: ConsentOrderPurpose
    text_version: int
    language: ConsentOrderLanguage
    method: ConsentOrderMethod
    subject: None | SubjectReference | Unset = UNSET
    """ Left out by a participant or volunteer who asks for themselves. """
    company_id: None | Unset | UUID = UNSET
    """ For administrators of the platform: only one company's data. Left out, all. """
    legal_basis: ConsentOrderLegalBasis | Unset = "consent"
    granted_at: datetime.datetime | None | Unset = UNSET
    """ Left out, now. """
    expires_at: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.subject_reference import SubjectReference  # noqa: PLC0415

        purpose: str = self.purpose

        text_version = self.text_version

        language: str = self.language

        method: str = self.method

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

        legal_basis: str | Unset = UNSET
        if not isinstance(self.legal_basis, Unset):
            legal_basis = self.legal_basis

        granted_at: None | str | Unset
        if isinstance(self.granted_at, Unset):
            granted_at = UNSET
        elif isinstance(self.granted_at, datetime.datetime):
            granted_at = self.granted_at.isoformat()
        else:
            granted_at = self.granted_at

        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "purpose": purpose,
                "text_version": text_version,
                "language": language,
                "method": method,
            }
        )
        if subject is not UNSET:
            field_dict["subject"] = subject
        if company_id is not UNSET:
            field_dict["company_id"] = company_id
        if legal_basis is not UNSET:
            field_dict["legal_basis"] = legal_basis
        if granted_at is not UNSET:
            field_dict["granted_at"] = granted_at
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.subject_reference import SubjectReference  # noqa: PLC0415

        d = dict(src_dict)
        purpose = check_consent_order_purpose(d.pop("purpose"))

        text_version = d.pop("text_version")

        language = check_consent_order_language(d.pop("language"))

        method = check_consent_order_method(d.pop("method"))

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

        _legal_basis = d.pop("legal_basis", UNSET)
        legal_basis: ConsentOrderLegalBasis | Unset
        if isinstance(_legal_basis, Unset):
            legal_basis = UNSET
        else:
            legal_basis = check_consent_order_legal_basis(_legal_basis)

        def _parse_granted_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                granted_at_type_0 = datetime.datetime.fromisoformat(data)

                return granted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        granted_at = _parse_granted_at(d.pop("granted_at", UNSET))

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        consent_order = cls(
            purpose=purpose,
            text_version=text_version,
            language=language,
            method=method,
            subject=subject,
            company_id=company_id,
            legal_basis=legal_basis,
            granted_at=granted_at,
            expires_at=expires_at,
        )

        return consent_order
