import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.delivery_page import DeliveryPage
from ...models.impact_in_list_deliveries_status_type_0_item import (
    ImpactInListDeliveriesStatusType0Item,
)
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    platform: None | str | Unset = UNSET,
    status: list[ImpactInListDeliveriesStatusType0Item] | None | Unset = UNSET,
    period: None | str | Unset = UNSET,
    from_: datetime.datetime | None | Unset = UNSET,
    to: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_platform: None | str | Unset
    if isinstance(platform, Unset):
        json_platform = UNSET
    else:
        json_platform = platform
    params["platform"] = json_platform

    json_status: list[str] | None | Unset
    if isinstance(status, Unset):
        json_status = UNSET
    elif isinstance(status, list):
        json_status = []
        for status_type_0_item_data in status:
            status_type_0_item: str = status_type_0_item_data
            json_status.append(status_type_0_item)

    else:
        json_status = status
    params["status"] = json_status

    json_period: None | str | Unset
    if isinstance(period, Unset):
        json_period = UNSET
    else:
        json_period = period
    params["period"] = json_period

    json_from_: None | str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    elif isinstance(from_, datetime.datetime):
        json_from_ = from_.isoformat()
    else:
        json_from_ = from_
    params["from"] = json_from_

    json_to: None | str | Unset
    if isinstance(to, Unset):
        json_to = UNSET
    elif isinstance(to, datetime.datetime):
        json_to = to.isoformat()
    else:
        json_to = to
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
        "url": "/v1/impact-in/deliveries",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeliveryPage | Problem | None:
    if response.status_code == 200:
        response_200 = DeliveryPage.from_dict(response.json())

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
) -> Response[DeliveryPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    platform: None | str | Unset = UNSET,
    status: list[ImpactInListDeliveriesStatusType0Item] | None | Unset = UNSET,
    period: None | str | Unset = UNSET,
    from_: datetime.datetime | None | Unset = UNSET,
    to: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[DeliveryPage | Problem]:
    """List Deliveries

     Deliveries, newest first.

    Args:
        platform (None | str | Unset):
        status (list[ImpactInListDeliveriesStatusType0Item] | None | Unset): One or several;
            without it, all.
        period (None | str | Unset):
        from_ (datetime.datetime | None | Unset): Made then or later.
        to (datetime.datetime | None | Unset): Made before then.
        limit (int | Unset):  Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        platform=platform,
        status=status,
        period=period,
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
    *,
    client: AuthenticatedClient,
    platform: None | str | Unset = UNSET,
    status: list[ImpactInListDeliveriesStatusType0Item] | None | Unset = UNSET,
    period: None | str | Unset = UNSET,
    from_: datetime.datetime | None | Unset = UNSET,
    to: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> DeliveryPage | Problem | None:
    """List Deliveries

     Deliveries, newest first.

    Args:
        platform (None | str | Unset):
        status (list[ImpactInListDeliveriesStatusType0Item] | None | Unset): One or several;
            without it, all.
        period (None | str | Unset):
        from_ (datetime.datetime | None | Unset): Made then or later.
        to (datetime.datetime | None | Unset): Made before then.
        limit (int | Unset):  Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
    """

    return sync_detailed(
        client=client,
        platform=platform,
        status=status,
        period=period,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        company_id=company_id,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    platform: None | str | Unset = UNSET,
    status: list[ImpactInListDeliveriesStatusType0Item] | None | Unset = UNSET,
    period: None | str | Unset = UNSET,
    from_: datetime.datetime | None | Unset = UNSET,
    to: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[DeliveryPage | Problem]:
    """List Deliveries

     Deliveries, newest first.

    Args:
        platform (None | str | Unset):
        status (list[ImpactInListDeliveriesStatusType0Item] | None | Unset): One or several;
            without it, all.
        period (None | str | Unset):
        from_ (datetime.datetime | None | Unset): Made then or later.
        to (datetime.datetime | None | Unset): Made before then.
        limit (int | Unset):  Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryPage | Problem]
    """

    kwargs = _get_kwargs(
        platform=platform,
        status=status,
        period=period,
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
    *,
    client: AuthenticatedClient,
    platform: None | str | Unset = UNSET,
    status: list[ImpactInListDeliveriesStatusType0Item] | None | Unset = UNSET,
    period: None | str | Unset = UNSET,
    from_: datetime.datetime | None | Unset = UNSET,
    to: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: None | str | Unset = UNSET,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> DeliveryPage | Problem | None:
    """List Deliveries

     Deliveries, newest first.

    Args:
        platform (None | str | Unset):
        status (list[ImpactInListDeliveriesStatusType0Item] | None | Unset): One or several;
            without it, all.
        period (None | str | Unset):
        from_ (datetime.datetime | None | Unset): Made then or later.
        to (datetime.datetime | None | Unset): Made before then.
        limit (int | Unset):  Default: 50.
        cursor (None | str | Unset): `next_cursor` of the page before.
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            platform=platform,
            status=status,
            period=period,
            from_=from_,
            to=to,
            limit=limit,
            cursor=cursor,
            company_id=company_id,
            x_api_version=x_api_version,
        )
    ).parsed
