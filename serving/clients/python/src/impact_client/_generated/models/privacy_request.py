from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.privacy_request_right import (
    PrivacyRequestRight,
    check_privacy_request_right,
)
from ..models.privacy_request_state import (
    PrivacyRequestState,
    check_privacy_request_state,
)

if TYPE_CHECKING:
    from ..models.download import Download


T = TypeVar("T", bound="PrivacyRequest")


@_attrs_define
class PrivacyRequest:
    """A request, and how far it is."""

    request_id: UUID
    right: PrivacyRequestRight
    state: PrivacyRequestState
    step: None | str
    """ The last one recorded. """
    progress: int
    company_id: None | UUID
    """ Null: about every company's data. """
    subject_id: None | UUID
    """ The person; null once erased. """
    is_immediate: bool
    received_at: datetime.datetime
    run_after: datetime.datetime
    """ When the work may begin: for an erasure, the end of its grace. """
    due_at: datetime.datetime
    """ A calendar month after it was received, or 72 h after its grace. """
    is_overdue: bool
    finished_at: datetime.datetime | None
    error: None | str
    """ What kind of failure, where somebody has to help. """
    status_url: str
    download: Download | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.download import Download  # noqa: PLC0415

        request_id = str(self.request_id)

        right: str = self.right

        state: str = self.state

        step: None | str
        step = self.step

        progress = self.progress

        company_id: None | str
        if isinstance(self.company_id, UUID):
            company_id = str(self.company_id)
        else:
            company_id = self.company_id

        subject_id: None | str
        if isinstance(self.subject_id, UUID):
            subject_id = str(self.subject_id)
        else:
            subject_id = self.subject_id

        is_immediate = self.is_immediate

        received_at = self.received_at.isoformat()

        run_after = self.run_after.isoformat()

        due_at = self.due_at.isoformat()

        is_overdue = self.is_overdue

        finished_at: None | str
        if isinstance(self.finished_at, datetime.datetime):
            finished_at = self.finished_at.isoformat()
        else:
            finished_at = self.finished_at

        error: None | str
        error = self.error

        status_url = self.status_url

        download: dict[str, Any] | None
        if isinstance(self.download, Download):
            download = self.download.to_dict()
        else:
            download = self.download

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "request_id": request_id,
                "right": right,
                "state": state,
                "step": step,
                "progress": progress,
                "company_id": company_id,
                "subject_id": subject_id,
                "is_immediate": is_immediate,
                "received_at": received_at,
                "run_after": run_after,
                "due_at": due_at,
                "is_overdue": is_overdue,
                "finished_at": finished_at,
                "error": error,
                "status_url": status_url,
                "download": download,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.download import Download  # noqa: PLC0415

        d = dict(src_dict)
        request_id = UUID(d.pop("request_id"))

        right = check_privacy_request_right(d.pop("right"))

        state = check_privacy_request_state(d.pop("state"))

        def _parse_step(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        step = _parse_step(d.pop("step"))

        progress = d.pop("progress")

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

        def _parse_subject_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                subject_id_type_0 = UUID(data)

                return subject_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        subject_id = _parse_subject_id(d.pop("subject_id"))

        is_immediate = d.pop("is_immediate")

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        run_after = datetime.datetime.fromisoformat(d.pop("run_after"))

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))

        is_overdue = d.pop("is_overdue")

        def _parse_finished_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                finished_at_type_0 = datetime.datetime.fromisoformat(data)

                return finished_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        finished_at = _parse_finished_at(d.pop("finished_at"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        status_url = d.pop("status_url")

        def _parse_download(data: object) -> Download | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                download_type_0 = Download.from_dict(data)

                return download_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Download | None, data)

        download = _parse_download(d.pop("download"))

        privacy_request = cls(
            request_id=request_id,
            right=right,
            state=state,
            step=step,
            progress=progress,
            company_id=company_id,
            subject_id=subject_id,
            is_immediate=is_immediate,
            received_at=received_at,
            run_after=run_after,
            due_at=due_at,
            is_overdue=is_overdue,
            finished_at=finished_at,
            error=error,
            status_url=status_url,
            download=download,
        )

        privacy_request.additional_properties = d
        return privacy_request

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
