from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.problem import Problem
from ...models.queue import Queue
from ...models.safety_list_queue_severity_type_0 import (
    SafetyListQueueSeverityType0,
)
from ...models.safety_list_queue_state_type_0_item import (
    SafetyListQueueStateType0Item,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    state: list[SafetyListQueueStateType0Item] | None | Unset = UNSET,
    severity: None | SafetyListQueueSeverityType0 | Unset = UNSET,
    category: None | str | Unset = UNSET,
    language: None | str | Unset = UNSET,
    mine: bool | Unset = False,
    free: bool | Unset = False,
    overdue: bool | Unset = False,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_state: list[str] | None | Unset
    if isinstance(state, Unset):
        json_state = UNSET
    elif isinstance(state, list):
        json_state = []
        for state_type_0_item_data in state:
            state_type_0_item: str = state_type_0_item_data
            json_state.append(state_type_0_item)

    else:
        json_state = state
    params["state"] = json_state

    json_severity: None | str | Unset
    if isinstance(severity, Unset):
        json_severity = UNSET
    elif isinstance(severity, str):
        json_severity = severity
    else:
        json_severity = severity
    params["severity"] = json_severity

    json_category: None | str | Unset
    if isinstance(category, Unset):
        json_category = UNSET
    else:
        json_category = category
    params["category"] = json_category

    json_language: None | str | Unset
    if isinstance(language, Unset):
        json_language = UNSET
    else:
        json_language = language
    params["language"] = json_language

    params["mine"] = mine

    params["free"] = free

    params["overdue"] = overdue

    json_company_id: None | str | Unset
    if isinstance(company_id, Unset):
        json_company_id = UNSET
    elif isinstance(company_id, UUID):
        json_company_id = str(company_id)
    else:
        json_company_id = company_id
    params["companyId"] = json_company_id

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
        "url": "/v1/safety/queue",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Queue | None:
    if response.status_code == 200:
        response_200 = Queue.from_dict(response.json())

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
) -> Response[Problem | Queue]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    state: list[SafetyListQueueStateType0Item] | None | Unset = UNSET,
    severity: None | SafetyListQueueSeverityType0 | Unset = UNSET,
    category: None | str | Unset = UNSET,
    language: None | str | Unset = UNSET,
    mine: bool | Unset = False,
    free: bool | Unset = False,
    overdue: bool | Unset = False,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | Queue]:
    """List Queue

     Flagged texts without their words: cries for help first, then by the time due.

    Args:
        state (list[SafetyListQueueStateType0Item] | None | Unset): Without it, those to decide:
            pending and escalated.
        severity (None | SafetyListQueueSeverityType0 | Unset):
        category (None | str | Unset):
        language (None | str | Unset):
        mine (bool | Unset): Only those the caller has claimed. Default: False.
        free (bool | Unset): Only those nobody has claimed. Default: False.
        overdue (bool | Unset): Only those past the time they were due. Default: False.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset): Items per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Queue]
    """

    kwargs = _get_kwargs(
        state=state,
        severity=severity,
        category=category,
        language=language,
        mine=mine,
        free=free,
        overdue=overdue,
        company_id=company_id,
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
    state: list[SafetyListQueueStateType0Item] | None | Unset = UNSET,
    severity: None | SafetyListQueueSeverityType0 | Unset = UNSET,
    category: None | str | Unset = UNSET,
    language: None | str | Unset = UNSET,
    mine: bool | Unset = False,
    free: bool | Unset = False,
    overdue: bool | Unset = False,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | Queue | None:
    """List Queue

     Flagged texts without their words: cries for help first, then by the time due.

    Args:
        state (list[SafetyListQueueStateType0Item] | None | Unset): Without it, those to decide:
            pending and escalated.
        severity (None | SafetyListQueueSeverityType0 | Unset):
        category (None | str | Unset):
        language (None | str | Unset):
        mine (bool | Unset): Only those the caller has claimed. Default: False.
        free (bool | Unset): Only those nobody has claimed. Default: False.
        overdue (bool | Unset): Only those past the time they were due. Default: False.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset): Items per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Queue
    """

    return sync_detailed(
        client=client,
        state=state,
        severity=severity,
        category=category,
        language=language,
        mine=mine,
        free=free,
        overdue=overdue,
        company_id=company_id,
        limit=limit,
        cursor=cursor,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    state: list[SafetyListQueueStateType0Item] | None | Unset = UNSET,
    severity: None | SafetyListQueueSeverityType0 | Unset = UNSET,
    category: None | str | Unset = UNSET,
    language: None | str | Unset = UNSET,
    mine: bool | Unset = False,
    free: bool | Unset = False,
    overdue: bool | Unset = False,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | Queue]:
    """List Queue

     Flagged texts without their words: cries for help first, then by the time due.

    Args:
        state (list[SafetyListQueueStateType0Item] | None | Unset): Without it, those to decide:
            pending and escalated.
        severity (None | SafetyListQueueSeverityType0 | Unset):
        category (None | str | Unset):
        language (None | str | Unset):
        mine (bool | Unset): Only those the caller has claimed. Default: False.
        free (bool | Unset): Only those nobody has claimed. Default: False.
        overdue (bool | Unset): Only those past the time they were due. Default: False.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset): Items per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Queue]
    """

    kwargs = _get_kwargs(
        state=state,
        severity=severity,
        category=category,
        language=language,
        mine=mine,
        free=free,
        overdue=overdue,
        company_id=company_id,
        limit=limit,
        cursor=cursor,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    state: list[SafetyListQueueStateType0Item] | None | Unset = UNSET,
    severity: None | SafetyListQueueSeverityType0 | Unset = UNSET,
    category: None | str | Unset = UNSET,
    language: None | str | Unset = UNSET,
    mine: bool | Unset = False,
    free: bool | Unset = False,
    overdue: bool | Unset = False,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | Queue | None:
    """List Queue

     Flagged texts without their words: cries for help first, then by the time due.

    Args:
        state (list[SafetyListQueueStateType0Item] | None | Unset): Without it, those to decide:
            pending and escalated.
        severity (None | SafetyListQueueSeverityType0 | Unset):
        category (None | str | Unset):
        language (None | str | Unset):
        mine (bool | Unset): Only those the caller has claimed. Default: False.
        free (bool | Unset): Only those nobody has claimed. Default: False.
        overdue (bool | Unset): Only those past the time they were due. Default: False.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset): Items per page. Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Queue
    """

    return (
        await asyncio_detailed(
            client=client,
            state=state,
            severity=severity,
            category=category,
            language=language,
            mine=mine,
            free=free,
            overdue=overdue,
            company_id=company_id,
            limit=limit,
            cursor=cursor,
            x_api_version=x_api_version,
        )
    ).parsed
