from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.privacy_list_requests_right_type_0 import (
    PrivacyListRequestsRightType0,
)
from ...models.privacy_list_requests_state_type_0_item import (
    PrivacyListRequestsStateType0Item,
)
from ...models.privacy_request_list import PrivacyRequestList
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    state: list[PrivacyListRequestsStateType0Item] | None | Unset = UNSET,
    right: None | PrivacyListRequestsRightType0 | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
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

    json_right: None | str | Unset
    if isinstance(right, Unset):
        json_right = UNSET
    elif isinstance(right, str):
        json_right = right
    else:
        json_right = right
    params["right"] = json_right

    json_company_id: None | str | Unset
    if isinstance(company_id, Unset):
        json_company_id = UNSET
    elif isinstance(company_id, UUID):
        json_company_id = str(company_id)
    else:
        json_company_id = company_id
    params["companyId"] = json_company_id

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/privacy/requests",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PrivacyRequestList | Problem | None:
    if response.status_code == 200:
        response_200 = PrivacyRequestList.from_dict(response.json())

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
) -> Response[PrivacyRequestList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    state: list[PrivacyListRequestsStateType0Item] | None | Unset = UNSET,
    right: None | PrivacyListRequestsRightType0 | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[PrivacyRequestList | Problem]:
    """List Requests

     Requests by the time they are due: those of the company, or one's own.

    Args:
        state (list[PrivacyListRequestsStateType0Item] | None | Unset): Without it, what is not
            completed or cancelled.
        right (None | PrivacyListRequestsRightType0 | Unset):
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 50.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PrivacyRequestList | Problem]
    """

    kwargs = _get_kwargs(
        state=state,
        right=right,
        company_id=company_id,
        limit=limit,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    state: list[PrivacyListRequestsStateType0Item] | None | Unset = UNSET,
    right: None | PrivacyListRequestsRightType0 | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    x_api_version: ApiVersion | Unset = UNSET,
) -> PrivacyRequestList | Problem | None:
    """List Requests

     Requests by the time they are due: those of the company, or one's own.

    Args:
        state (list[PrivacyListRequestsStateType0Item] | None | Unset): Without it, what is not
            completed or cancelled.
        right (None | PrivacyListRequestsRightType0 | Unset):
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 50.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PrivacyRequestList | Problem
    """

    return sync_detailed(
        client=client,
        state=state,
        right=right,
        company_id=company_id,
        limit=limit,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    state: list[PrivacyListRequestsStateType0Item] | None | Unset = UNSET,
    right: None | PrivacyListRequestsRightType0 | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[PrivacyRequestList | Problem]:
    """List Requests

     Requests by the time they are due: those of the company, or one's own.

    Args:
        state (list[PrivacyListRequestsStateType0Item] | None | Unset): Without it, what is not
            completed or cancelled.
        right (None | PrivacyListRequestsRightType0 | Unset):
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 50.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PrivacyRequestList | Problem]
    """

    kwargs = _get_kwargs(
        state=state,
        right=right,
        company_id=company_id,
        limit=limit,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    state: list[PrivacyListRequestsStateType0Item] | None | Unset = UNSET,
    right: None | PrivacyListRequestsRightType0 | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 50,
    x_api_version: ApiVersion | Unset = UNSET,
) -> PrivacyRequestList | Problem | None:
    """List Requests

     Requests by the time they are due: those of the company, or one's own.

    Args:
        state (list[PrivacyListRequestsStateType0Item] | None | Unset): Without it, what is not
            completed or cancelled.
        right (None | PrivacyListRequestsRightType0 | Unset):
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 50.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PrivacyRequestList | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            state=state,
            right=right,
            company_id=company_id,
            limit=limit,
            x_api_version=x_api_version,
        )
    ).parsed
