import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.flag_history import FlagHistory
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    participant_id: UUID,
    *,
    as_of: datetime.datetime | None | Unset = UNSET,
    known_at: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 200,
    trials: bool | Unset = False,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_as_of: None | str | Unset
    if isinstance(as_of, Unset):
        json_as_of = UNSET
    elif isinstance(as_of, datetime.datetime):
        json_as_of = as_of.isoformat()
    else:
        json_as_of = as_of
    params["as_of"] = json_as_of

    json_known_at: None | str | Unset
    if isinstance(known_at, Unset):
        json_known_at = UNSET
    elif isinstance(known_at, datetime.datetime):
        json_known_at = known_at.isoformat()
    else:
        json_known_at = known_at
    params["known_at"] = json_known_at

    json_company_id: None | str | Unset
    if isinstance(company_id, Unset):
        json_company_id = UNSET
    elif isinstance(company_id, UUID):
        json_company_id = str(company_id)
    else:
        json_company_id = company_id
    params["companyId"] = json_company_id

    params["limit"] = limit

    params["trials"] = trials

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/journey/participants/{participant_id}/history".format(
            participant_id=quote(str(participant_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlagHistory | Problem | None:
    if response.status_code == 200:
        response_200 = FlagHistory.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[FlagHistory | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    participant_id: UUID,
    *,
    client: AuthenticatedClient,
    as_of: datetime.datetime | None | Unset = UNSET,
    known_at: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 200,
    trials: bool | Unset = False,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[FlagHistory | Problem]:
    """Get History

     What was believed, about when, and since when: of all times, or what one day knew of another.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        as_of (datetime.datetime | None | Unset): What held at that time, one row per rule;
            without it, all rows, newest first.
        known_at (datetime.datetime | None | Unset): As it was known at that time; without it, as
            it is known now.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 200.
        trials (bool | Unset): Rules on trial too, of which nobody was told. Default: False.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlagHistory | Problem]
    """

    kwargs = _get_kwargs(
        participant_id=participant_id,
        as_of=as_of,
        known_at=known_at,
        company_id=company_id,
        limit=limit,
        trials=trials,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    participant_id: UUID,
    *,
    client: AuthenticatedClient,
    as_of: datetime.datetime | None | Unset = UNSET,
    known_at: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 200,
    trials: bool | Unset = False,
    x_api_version: ApiVersion | Unset = UNSET,
) -> FlagHistory | Problem | None:
    """Get History

     What was believed, about when, and since when: of all times, or what one day knew of another.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        as_of (datetime.datetime | None | Unset): What held at that time, one row per rule;
            without it, all rows, newest first.
        known_at (datetime.datetime | None | Unset): As it was known at that time; without it, as
            it is known now.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 200.
        trials (bool | Unset): Rules on trial too, of which nobody was told. Default: False.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlagHistory | Problem
    """

    return sync_detailed(
        participant_id=participant_id,
        client=client,
        as_of=as_of,
        known_at=known_at,
        company_id=company_id,
        limit=limit,
        trials=trials,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    participant_id: UUID,
    *,
    client: AuthenticatedClient,
    as_of: datetime.datetime | None | Unset = UNSET,
    known_at: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 200,
    trials: bool | Unset = False,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[FlagHistory | Problem]:
    """Get History

     What was believed, about when, and since when: of all times, or what one day knew of another.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        as_of (datetime.datetime | None | Unset): What held at that time, one row per rule;
            without it, all rows, newest first.
        known_at (datetime.datetime | None | Unset): As it was known at that time; without it, as
            it is known now.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 200.
        trials (bool | Unset): Rules on trial too, of which nobody was told. Default: False.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlagHistory | Problem]
    """

    kwargs = _get_kwargs(
        participant_id=participant_id,
        as_of=as_of,
        known_at=known_at,
        company_id=company_id,
        limit=limit,
        trials=trials,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    participant_id: UUID,
    *,
    client: AuthenticatedClient,
    as_of: datetime.datetime | None | Unset = UNSET,
    known_at: datetime.datetime | None | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    limit: int | Unset = 200,
    trials: bool | Unset = False,
    x_api_version: ApiVersion | Unset = UNSET,
) -> FlagHistory | Problem | None:
    """Get History

     What was believed, about when, and since when: of all times, or what one day knew of another.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        as_of (datetime.datetime | None | Unset): What held at that time, one row per rule;
            without it, all rows, newest first.
        known_at (datetime.datetime | None | Unset): As it was known at that time; without it, as
            it is known now.
        company_id (None | Unset | UUID): For administrators of the platform.
        limit (int | Unset):  Default: 200.
        trials (bool | Unset): Rules on trial too, of which nobody was told. Default: False.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlagHistory | Problem
    """

    return (
        await asyncio_detailed(
            participant_id=participant_id,
            client=client,
            as_of=as_of,
            known_at=known_at,
            company_id=company_id,
            limit=limit,
            trials=trials,
            x_api_version=x_api_version,
        )
    ).parsed
