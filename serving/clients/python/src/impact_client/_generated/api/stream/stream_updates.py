from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    company_id: None | Unset | UUID = UNSET,
    last_event_id_query: None | str | Unset = UNSET,
    topics: None | str | Unset = UNSET,
    conflate: bool | Unset = False,
    last_event_id_header: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(last_event_id_header, Unset):
        headers["Last-Event-ID"] = last_event_id_header

    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_company_id: None | str | Unset
    if isinstance(company_id, Unset):
        json_company_id = UNSET
    elif isinstance(company_id, UUID):
        json_company_id = str(company_id)
    else:
        json_company_id = company_id
    params["companyId"] = json_company_id

    json_last_event_id_query: None | str | Unset
    if isinstance(last_event_id_query, Unset):
        json_last_event_id_query = UNSET
    else:
        json_last_event_id_query = last_event_id_query
    params["lastEventId"] = json_last_event_id_query

    json_topics: None | str | Unset
    if isinstance(topics, Unset):
        json_topics = UNSET
    else:
        json_topics = topics
    params["topics"] = json_topics

    params["conflate"] = conflate

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/stream/updates",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | str | None:
    if response.status_code == 200:
        response_200 = response.text
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

    if response.status_code == 501:
        response_501 = Problem.from_dict(response.json())

        return response_501

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    company_id: None | Unset | UUID = UNSET,
    last_event_id_query: None | str | Unset = UNSET,
    topics: None | str | Unset = UNSET,
    conflate: bool | Unset = False,
    last_event_id_header: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | str]:
    """Stream Updates

     Each change of a figure, as it is published; resumes exactly behind the last event id.

    Args:
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        last_event_id_query (None | str | Unset): Like the header, for clients that cannot set it.
        topics (None | str | Unset): Comma-separated; without it, all that the role may see:
            metrics, journey, deliveries, safety, privacy, reports, scores
        conflate (bool | Unset): A client that has missed more than is in memory gets, of each
            figure, only the newest value, after an event `conflated` that says so. Default: False.
        last_event_id_header (None | str | Unset): The last `id` the client has; wins over the
            query.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        last_event_id_query=last_event_id_query,
        topics=topics,
        conflate=conflate,
        last_event_id_header=last_event_id_header,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    company_id: None | Unset | UUID = UNSET,
    last_event_id_query: None | str | Unset = UNSET,
    topics: None | str | Unset = UNSET,
    conflate: bool | Unset = False,
    last_event_id_header: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | str | None:
    """Stream Updates

     Each change of a figure, as it is published; resumes exactly behind the last event id.

    Args:
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        last_event_id_query (None | str | Unset): Like the header, for clients that cannot set it.
        topics (None | str | Unset): Comma-separated; without it, all that the role may see:
            metrics, journey, deliveries, safety, privacy, reports, scores
        conflate (bool | Unset): A client that has missed more than is in memory gets, of each
            figure, only the newest value, after an event `conflated` that says so. Default: False.
        last_event_id_header (None | str | Unset): The last `id` the client has; wins over the
            query.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return sync_detailed(
        client=client,
        company_id=company_id,
        last_event_id_query=last_event_id_query,
        topics=topics,
        conflate=conflate,
        last_event_id_header=last_event_id_header,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    company_id: None | Unset | UUID = UNSET,
    last_event_id_query: None | str | Unset = UNSET,
    topics: None | str | Unset = UNSET,
    conflate: bool | Unset = False,
    last_event_id_header: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Problem | str]:
    """Stream Updates

     Each change of a figure, as it is published; resumes exactly behind the last event id.

    Args:
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        last_event_id_query (None | str | Unset): Like the header, for clients that cannot set it.
        topics (None | str | Unset): Comma-separated; without it, all that the role may see:
            metrics, journey, deliveries, safety, privacy, reports, scores
        conflate (bool | Unset): A client that has missed more than is in memory gets, of each
            figure, only the newest value, after an event `conflated` that says so. Default: False.
        last_event_id_header (None | str | Unset): The last `id` the client has; wins over the
            query.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        last_event_id_query=last_event_id_query,
        topics=topics,
        conflate=conflate,
        last_event_id_header=last_event_id_header,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    company_id: None | Unset | UUID = UNSET,
    last_event_id_query: None | str | Unset = UNSET,
    topics: None | str | Unset = UNSET,
    conflate: bool | Unset = False,
    last_event_id_header: None | str | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Problem | str | None:
    """Stream Updates

     Each change of a figure, as it is published; resumes exactly behind the last event id.

    Args:
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        last_event_id_query (None | str | Unset): Like the header, for clients that cannot set it.
        topics (None | str | Unset): Comma-separated; without it, all that the role may see:
            metrics, journey, deliveries, safety, privacy, reports, scores
        conflate (bool | Unset): A client that has missed more than is in memory gets, of each
            figure, only the newest value, after an event `conflated` that says so. Default: False.
        last_event_id_header (None | str | Unset): The last `id` the client has; wins over the
            query.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return (
        await asyncio_detailed(
            client=client,
            company_id=company_id,
            last_event_id_query=last_event_id_query,
            topics=topics,
            conflate=conflate,
            last_event_id_header=last_event_id_header,
            x_api_version=x_api_version,
        )
    ).parsed
