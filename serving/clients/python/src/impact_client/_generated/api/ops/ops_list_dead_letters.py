import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.error_class import ErrorClass
from ...models.letter_page import LetterPage
from ...models.ops_list_dead_letters_state import (
    OpsListDeadLettersState,
)
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    source: None | str | Unset = UNSET,
    kind: None | str | Unset = UNSET,
    error_class: ErrorClass | None | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    state: OpsListDeadLettersState | Unset = "waiting",
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_source: None | str | Unset
    if isinstance(source, Unset):
        json_source = UNSET
    else:
        json_source = source
    params["source"] = json_source

    json_kind: None | str | Unset
    if isinstance(kind, Unset):
        json_kind = UNSET
    else:
        json_kind = kind
    params["kind"] = json_kind

    json_error_class: None | str | Unset
    if isinstance(error_class, Unset):
        json_error_class = UNSET
    elif isinstance(error_class, str):
        json_error_class = error_class
    else:
        json_error_class = error_class
    params["error_class"] = json_error_class

    json_since: None | str | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    elif isinstance(since, datetime.datetime):
        json_since = since.isoformat()
    else:
        json_since = since
    params["since"] = json_since

    json_until: None | str | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    elif isinstance(until, datetime.datetime):
        json_until = until.isoformat()
    else:
        json_until = until
    params["until"] = json_until

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/ops/dead-letters",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LetterPage | Problem | None:
    if response.status_code == 200:
        response_200 = LetterPage.from_dict(response.json())

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
) -> Response[LetterPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    source: None | str | Unset = UNSET,
    kind: None | str | Unset = UNSET,
    error_class: ErrorClass | None | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    state: OpsListDeadLettersState | Unset = "waiting",
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[LetterPage | Problem]:
    """List Dead Letters

     Dead letters, newest first, without their bytes.

    Args:
        source (None | str | Unset):
        kind (None | str | Unset):
        error_class (ErrorClass | None | Unset):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        state (OpsListDeadLettersState | Unset): The letters' state. Default: 'waiting'.
        limit (int | Unset): Letters per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LetterPage | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        kind=kind,
        error_class=error_class,
        since=since,
        until=until,
        state=state,
        limit=limit,
        cursor=cursor,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    source: None | str | Unset = UNSET,
    kind: None | str | Unset = UNSET,
    error_class: ErrorClass | None | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    state: OpsListDeadLettersState | Unset = "waiting",
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> LetterPage | Problem | None:
    """List Dead Letters

     Dead letters, newest first, without their bytes.

    Args:
        source (None | str | Unset):
        kind (None | str | Unset):
        error_class (ErrorClass | None | Unset):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        state (OpsListDeadLettersState | Unset): The letters' state. Default: 'waiting'.
        limit (int | Unset): Letters per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LetterPage | Problem
    """

    return sync_detailed(
        client=client,
        source=source,
        kind=kind,
        error_class=error_class,
        since=since,
        until=until,
        state=state,
        limit=limit,
        cursor=cursor,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    source: None | str | Unset = UNSET,
    kind: None | str | Unset = UNSET,
    error_class: ErrorClass | None | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    state: OpsListDeadLettersState | Unset = "waiting",
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[LetterPage | Problem]:
    """List Dead Letters

     Dead letters, newest first, without their bytes.

    Args:
        source (None | str | Unset):
        kind (None | str | Unset):
        error_class (ErrorClass | None | Unset):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        state (OpsListDeadLettersState | Unset): The letters' state. Default: 'waiting'.
        limit (int | Unset): Letters per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LetterPage | Problem]
    """

    kwargs = _get_kwargs(
        source=source,
        kind=kind,
        error_class=error_class,
        since=since,
        until=until,
        state=state,
        limit=limit,
        cursor=cursor,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    source: None | str | Unset = UNSET,
    kind: None | str | Unset = UNSET,
    error_class: ErrorClass | None | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
    state: OpsListDeadLettersState | Unset = "waiting",
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> LetterPage | Problem | None:
    """List Dead Letters

     Dead letters, newest first, without their bytes.

    Args:
        source (None | str | Unset):
        kind (None | str | Unset):
        error_class (ErrorClass | None | Unset):
        since (datetime.datetime | None | Unset):
        until (datetime.datetime | None | Unset):
        state (OpsListDeadLettersState | Unset): The letters' state. Default: 'waiting'.
        limit (int | Unset): Letters per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LetterPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            source=source,
            kind=kind,
            error_class=error_class,
            since=since,
            until=until,
            state=state,
            limit=limit,
            cursor=cursor,
            x_api_version=x_api_version,
        )
    ).parsed
