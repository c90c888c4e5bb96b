import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.problem import Problem
from ...models.sla_status import SlaStatus
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_from_: None | str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    elif isinstance(from_, datetime.datetime):
        json_from_ = from_.isoformat()
    else:
        json_from_ = from_
    params["from"] = json_from_

    json_company_id: None | str | Unset
    if isinstance(company_id, Unset):
        json_company_id = UNSET
    elif isinstance(company_id, UUID):
        json_company_id = str(company_id)
    else:
        json_company_id = company_id
    params["companyId"] = json_company_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/impact-in/sla-status",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SlaStatus | None:
    if response.status_code == 200:
        response_200 = SlaStatus.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Problem.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | SlaStatus]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    from_: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | SlaStatus]:
    """Get Sla Status

     Whether deliveries keep what was promised, per platform.

    Args:
        from_ (datetime.datetime | None | Unset): Without it, the last 30 days.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SlaStatus]
    """

    kwargs = _get_kwargs(
        from_=from_,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    from_: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | SlaStatus | None:
    """Get Sla Status

     Whether deliveries keep what was promised, per platform.

    Args:
        from_ (datetime.datetime | None | Unset): Without it, the last 30 days.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SlaStatus
    """

    return sync_detailed(
        client=client,
        from_=from_,
        company_id=company_id,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    from_: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | SlaStatus]:
    """Get Sla Status

     Whether deliveries keep what was promised, per platform.

    Args:
        from_ (datetime.datetime | None | Unset): Without it, the last 30 days.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SlaStatus]
    """

    kwargs = _get_kwargs(
        from_=from_,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    from_: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | SlaStatus | None:
    """Get Sla Status

     Whether deliveries keep what was promised, per platform.

    Args:
        from_ (datetime.datetime | None | Unset): Without it, the last 30 days.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SlaStatus
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            company_id=company_id,
            x_api_version=x_api_version,
        )
    ).parsed
