from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.problem import Problem
from ...models.retention import Retention
from ...types import UNSET, Response, Unset


def _get_kwargs(
    company_id: UUID,
    *,
    limit: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    program_type: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    json_program_type: None | str | Unset
    if isinstance(program_type, Unset):
        json_program_type = UNSET
    else:
        json_program_type = program_type
    params["program_type"] = json_program_type

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/companies/{company_id}/retention".format(
            company_id=quote(str(company_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | Retention | None:
    if response.status_code == 200:
        response_200 = Retention.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
) -> Response[Any | Problem | Retention]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    program_type: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Any | Problem | Retention]:
    """List Retention

     How many of those who began in a month were still active in each month after.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        limit (int | Unset): Items per page. Default: 100.
        cursor (None | str | Unset): `next_cursor` of the page before.
        program_type (None | str | Unset): One programme; without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Retention]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        limit=limit,
        cursor=cursor,
        program_type=program_type,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    program_type: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Any | Problem | Retention | None:
    """List Retention

     How many of those who began in a month were still active in each month after.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        limit (int | Unset): Items per page. Default: 100.
        cursor (None | str | Unset): `next_cursor` of the page before.
        program_type (None | str | Unset): One programme; without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Retention
    """

    return sync_detailed(
        company_id=company_id,
        client=client,
        limit=limit,
        cursor=cursor,
        program_type=program_type,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    program_type: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Any | Problem | Retention]:
    """List Retention

     How many of those who began in a month were still active in each month after.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        limit (int | Unset): Items per page. Default: 100.
        cursor (None | str | Unset): `next_cursor` of the page before.
        program_type (None | str | Unset): One programme; without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Retention]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        limit=limit,
        cursor=cursor,
        program_type=program_type,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 100,
    cursor: None | str | Unset = UNSET,
    program_type: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Any | Problem | Retention | None:
    """List Retention

     How many of those who began in a month were still active in each month after.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        limit (int | Unset): Items per page. Default: 100.
        cursor (None | str | Unset): `next_cursor` of the page before.
        program_type (None | str | Unset): One programme; without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Retention
    """

    return (
        await asyncio_detailed(
            company_id=company_id,
            client=client,
            limit=limit,
            cursor=cursor,
            program_type=program_type,
            x_api_version=x_api_version,
        )
    ).parsed
