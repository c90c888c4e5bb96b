"""What the groups of calls share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar
from uuid import UUID

import httpx

from impact_client._generated.client import AuthenticatedClient
from impact_client._generated.types import UNSET, Unset
from impact_client.errors import CompanyMissing
from impact_client.pages import SyncAsk

T = TypeVar("T")


class Group:
    """Calls about one subject. Made by the client, whose connections it uses."""

    def __init__(self, http: httpx.Client, client: AuthenticatedClient, company_id: UUID | None) -> None:
        self._http = http
        self._client = client
        self._company_id = company_id

    def _company(self, company_id: UUID | str | None) -> UUID:
        """The company a call is about: its own argument, else the client's."""
        company = company_id or self._company_id
        if company is None:
            raise CompanyMissing("say which company: company_id here, or once where the client is made")
        return UUID(str(company))

    def _own(self, company_id: UUID | str | None) -> UUID | Unset:
        """The same where a credential of a company need not say it."""
        company = company_id or self._company_id
        return UNSET if company is None else UUID(str(company))


def each(ask: SyncAsk[T], *about: Any, **options: Any) -> Iterator[T]:
    """The items of all pages. The list stays one: `FiguresChanged` is raised if it does not."""
    cursor: str | None = None
    while True:
        page = ask(*about, cursor=cursor, **options)
        for item in page.items:
            yield item
        cursor = page.next_cursor
        if cursor is None:
            return
