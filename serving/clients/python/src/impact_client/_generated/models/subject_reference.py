from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.subject_reference_provider_type_0 import (
    SubjectReferenceProviderType0,
    check_subject_reference_provider_type_0,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="SubjectReference")


@_attrs_define
class SubjectReference:
    """A person, by the pseudonym in events or by the id a source knows them by."""

    person_id: None | Unset | UUID = UNSET
    """ As in events: `personid`. """
    provider: None | SubjectReferenceProviderType0 | Unset = UNSET
    external_id: None | str | Unset = UNSET
    """ The person's id at the provider; for `email`, the address. """

    def to_dict(self) -> dict[str, Any]:
        person_id: None | str | Unset
        if isinstance(self.person_id, Unset):
            person_id = UNSET
        elif isinstance(self.person_id, UUID):
            person_id = str(self.person_id)
        else:
            person_id = self.person_id

        provider: None | str | Unset
        if isinstance(self.provider, Unset):
            provider = UNSET
        elif isinstance(self.provider, str):
            provider = self.provider
        else:
            provider = self.provider

        external_id: None | str | Unset
        if isinstance(self.external_id, Unset):
            external_id = UNSET
        else:
            external_id = self.external_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if person_id is not UNSET:
            field_dict["person_id"] = person_id
        if provider is not UNSET:
            field_dict["provider"] = provider
        if external_id is not UNSET:
            field_dict["external_id"] = external_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_person_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                person_id_type_0 = UUID(data)

                return person_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        person_id = _parse_person_id(d.pop("person_id", UNSET))

        def _parse_provider(data: object) -> None | SubjectReferenceProviderType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                provider_type_0 = check_subject_reference_provider_type_0(data)

                return provider_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SubjectReferenceProviderType0 | Unset, data)

        provider = _parse_provider(d.pop("provider", UNSET))

        def _parse_external_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        external_id = _parse_external_id(d.pop("external_id", UNSET))

        subject_reference = cls(
            person_id=person_id,
            provider=provider,
            external_id=external_id,
        )

        return subject_reference
