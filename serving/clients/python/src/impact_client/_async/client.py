"""The client: one per process and credential, used by many calls at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx

from impact_client._api_version import API_VERSION
from impact_client._async.http import ApiClient
from impact_client._async.impact_in import ImpactIn
from impact_client._async.journey import Journey
from impact_client._async.privacy import Privacy
from impact_client._async.q2q import Q2Q
from impact_client._async.reporting import Reporting
from impact_client._async.stream import Stream
from impact_client._credential import Credential
from impact_client._generated.client import AuthenticatedClient
from impact_client._retries import Retries
from impact_client._version import USER_AGENT
from impact_client.errors import ImpactError


class AsyncImpact:
    """The API of one platform, as one caller may use it.

    `key` is an API key or an access token, or a function that returns the token of the moment: it is asked
    again when the API says that the last one is over. `company_id` is what calls about a company are about
    unless they name another one.
    """

    def __init__(
        self,
        base_url: str,
        key: str | Callable[[], str],
        *,
        company_id: UUID | str | None = None,
        timeout_s: float = 30.0,
        connect_timeout_s: float = 5.0,
        retries: Retries | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        # The version that the models here were generated from, whatever the key is pinned to.
        headers = {"User-Agent": USER_AGENT, "X-API-Version": API_VERSION}
        self._http = ApiClient(
            retries or Retries(),
            base_url=base_url,
            auth=Credential(key),
            headers=headers,
            timeout=httpx.Timeout(timeout_s, connect=connect_timeout_s),
            transport=transport,
        )
        # The credential is the HTTP client's: the generated one only has to carry a token of its own.
        client = AuthenticatedClient(base_url=base_url, token="").set_async_httpx_client(self._http)
        company = None if company_id is None else UUID(str(company_id))
        self.reporting = Reporting(self._http, client, company)
        self.journey = Journey(self._http, client, company)
        self.q2q = Q2Q(self._http, client, company)
        self.stream = Stream(self._http, client, company)
        self.privacy = Privacy(self._http, client, company)
        self.impact_in = ImpactIn(self._http, client, company)

    @classmethod
    def from_environment(cls, **options: Any) -> Self:
        """With `IMPACT_API_URL`, `IMPACT_API_KEY` and, if it is set, `IMPACT_COMPANY_ID`."""
        missing = [name for name in ("IMPACT_API_URL", "IMPACT_API_KEY") if not os.environ.get(name)]
        if missing:
            raise ImpactError(f"{' and '.join(missing)} not set; `impact env` prints them")
        options.setdefault("company_id", os.environ.get("IMPACT_COMPANY_ID") or None)
        return cls(os.environ["IMPACT_API_URL"], os.environ["IMPACT_API_KEY"], **options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()
