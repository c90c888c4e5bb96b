import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.evidence import Evidence
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    metric_id: str,
    *,
    from_: datetime.date | Unset = datetime.date.fromisoformat("1970-01-01"),
    to: datetime.date | Unset = datetime.date.fromisoformat("2261-12-31"),
    limit: int | Unset = 20,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = from_.isoformat()
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = to.isoformat()
    params["to"] = json_to

    params["limit"] = limit

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

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
        "url": "/v1/metrics/{metric_id}/evidence".format(
            metric_id=quote(str(metric_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Evidence | Problem | None:
    if response.status_code == 200:
        response_200 = Evidence.from_dict(response.json())

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
) -> Response[Evidence | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    metric_id: str,
    *,
    client: AuthenticatedClient,
    from_: datetime.date | Unset = datetime.date.fromisoformat("1970-01-01"),
    to: datetime.date | Unset = datetime.date.fromisoformat("2261-12-31"),
    limit: int | Unset = 20,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Evidence | Problem]:
    """List Evidence

     The events that a company's number was computed from.

    Args:
        metric_id (str): A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a
            tile as `mentorship.attendance`.
        from_ (datetime.date | Unset): First day, included. Default:
            datetime.date.fromisoformat('1970-01-01').
        to (datetime.date | Unset): Last day, included. Default:
            datetime.date.fromisoformat('2261-12-31').
        limit (int | Unset): Events per page. Default: 20.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Evidence | Problem]
    """

    kwargs = _get_kwargs(
        metric_id=metric_id,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    metric_id: str,
    *,
    client: AuthenticatedClient,
    from_: datetime.date | Unset = datetime.date.fromisoformat("1970-01-01"),
    to: datetime.date | Unset = datetime.date.fromisoformat("2261-12-31"),
    limit: int | Unset = 20,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Evidence | Problem | None:
    """List Evidence

     The events that a company's number was computed from.

    Args:
        metric_id (str): A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a
            tile as `mentorship.attendance`.
        from_ (datetime.date | Unset): First day, included. Default:
            datetime.date.fromisoformat('1970-01-01').
        to (datetime.date | Unset): Last day, included. Default:
            datetime.date.fromisoformat('2261-12-31').
        limit (int | Unset): Events per page. Default: 20.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Evidence | Problem
    """

    return sync_detailed(
        metric_id=metric_id,
        client=client,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        company_id=company_id,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    metric_id: str,
    *,
    client: AuthenticatedClient,
    from_: datetime.date | Unset = datetime.date.fromisoformat("1970-01-01"),
    to: datetime.date | Unset = datetime.date.fromisoformat("2261-12-31"),
    limit: int | Unset = 20,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Evidence | Problem]:
    """List Evidence

     The events that a company's number was computed from.

    Args:
        metric_id (str): A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a
            tile as `mentorship.attendance`.
        from_ (datetime.date | Unset): First day, included. Default:
            datetime.date.fromisoformat('1970-01-01').
        to (datetime.date | Unset): Last day, included. Default:
            datetime.date.fromisoformat('2261-12-31').
        limit (int | Unset): Events per page. Default: 20.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Evidence | Problem]
    """

    kwargs = _get_kwargs(
        metric_id=metric_id,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    metric_id: str,
    *,
    client: AuthenticatedClient,
    from_: datetime.date | Unset = datetime.date.fromisoformat("1970-01-01"),
    to: datetime.date | Unset = datetime.date.fromisoformat("2261-12-31"),
    limit: int | Unset = 20,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Evidence | Problem | None:
    """List Evidence

     The events that a company's number was computed from.

    Args:
        metric_id (str): A figure of `/metrics`, a dimension as `outcome.confidence`, or one of a
            tile as `mentorship.attendance`.
        from_ (datetime.date | Unset): First day, included. Default:
            datetime.date.fromisoformat('1970-01-01').
        to (datetime.date | Unset): Last day, included. Default:
            datetime.date.fromisoformat('2261-12-31').
        limit (int | Unset): Events per page. Default: 20.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): Required of an administrator; otherwise one's own or
            none.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Evidence | Problem
    """

    return (
        await asyncio_detailed(
            metric_id=metric_id,
            client=client,
            from_=from_,
            to=to,
            limit=limit,
            cursor=cursor,
            company_id=company_id,
            x_api_version=x_api_version,
        )
    ).parsed
