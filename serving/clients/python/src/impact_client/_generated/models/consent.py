from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.consent_language import ConsentLanguage, check_consent_language
from ..models.consent_legal_basis import ConsentLegalBasis, check_consent_legal_basis
from ..models.consent_method import ConsentMethod, check_consent_method
from ..models.consent_purpose import ConsentPurpose, check_consent_purpose

T = TypeVar("T", bound="Consent")


@_attrs_define
class Consent:
    consent_id: UUID
    company_id: None | UUID
    purpose: ConsentPurpose
    legal_basis: ConsentLegalBasis
    text_version: int
    language: ConsentLanguage
    method: ConsentMethod
    granted_at: datetime.datetime
    expires_at: datetime.datetime | None
    withdrawn_at: datetime.datetime | None
    replaced_at: datetime.datetime | None
    """ When the person was asked anew. """
    is_in_force: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        consent_id = str(self.consent_id)

        company_id: None | str
        if isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        purpose: str = self.purpose

        legal_basis: str = self.legal_basis

        text_version = self.text_version

        language: str = self.language

        method: str = self.method

        granted_at = self.granted_at.isoformat()

        expires_at: None | str
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        withdrawn_at: None | str
        if isinstance(self.withdrawn_at, datetime.datetime):
            withdrawn_at = self.withdrawn_at.isoformat()
        else:
            withdrawn_at = self.withdrawn_at

        replaced_at: None | str
        if isinstance(self.replaced_at, datetime.datetime):
            replaced_at = self.replaced_at.isoformat()
        else:
            replaced_at = self.replaced_at

        is_in_force = self.is_in_force

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "consent_id": consent_id,
                "company_id": company_id,
                "purpose": purpose,
                "legal_basis": legal_basis,
                "text_version": text_version,
                "language": language,
                "method": method,
                "granted_at": granted_at,
                "expires_at": expires_at,
                "withdrawn_at": withdrawn_at,
                "replaced_at": replaced_at,
                "is_in_force": is_in_force,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        consent_id = UUID(d.pop("consent_id"))

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

        purpose = check_consent_purpose(d.pop("purpose"))

        legal_basis = check_consent_legal_basis(d.pop("legal_basis"))

        text_version = d.pop("text_version")

        language = check_consent_language(d.pop("language"))

        method = check_consent_method(d.pop("method"))

        granted_at = datetime.datetime.fromisoformat(d.pop("granted_at"))

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

        def _parse_withdrawn_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                withdrawn_at_type_0 = datetime.datetime.fromisoformat(data)

                return withdrawn_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        withdrawn_at = _parse_withdrawn_at(d.pop("withdrawn_at"))

        def _parse_replaced_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                replaced_at_type_0 = datetime.datetime.fromisoformat(data)

                return replaced_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        replaced_at = _parse_replaced_at(d.pop("replaced_at"))

        is_in_force = d.pop("is_in_force")

        consent = cls(
            consent_id=consent_id,
            company_id=company_id,
            purpose=purpose,
            legal_basis=legal_basis,
            text_version=text_version,
            language=language,
            method=method,
            granted_at=granted_at,
            expires_at=expires_at,
            withdrawn_at=withdrawn_at,
            replaced_at=replaced_at,
            is_in_force=is_in_force,
        )

        consent.additional_properties = d
        return consent

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
