from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.problem import Problem
from ...models.reporting_get_sroi_scenario_type_0 import (
    ReportingGetSroiScenarioType0,
)
from ...models.reporting_get_sroi_variant_type_0 import (
    ReportingGetSroiVariantType0,
)
from ...models.sroi import Sroi
from ...types import UNSET, Response, Unset


def _get_kwargs(
    company_id: UUID,
    *,
    period: None | str | Unset = UNSET,
    variant: None | ReportingGetSroiVariantType0 | Unset = UNSET,
    scenario: None | ReportingGetSroiScenarioType0 | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_period: None | str | Unset
    if isinstance(period, Unset):
        json_period = UNSET
    else:
        json_period = period
    params["period"] = json_period

    json_variant: None | str | Unset
    if isinstance(variant, Unset):
        json_variant = UNSET
    elif isinstance(variant, str):
        json_variant = variant
    else:
        json_variant = variant
    params["variant"] = json_variant

    json_scenario: None | str | Unset
    if isinstance(scenario, Unset):
        json_scenario = UNSET
    elif isinstance(scenario, str):
        json_scenario = scenario
    else:
        json_scenario = scenario
    params["scenario"] = json_scenario

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/companies/{company_id}/sroi".format(
            company_id=quote(str(company_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | Sroi | None:
    if response.status_code == 200:
        response_200 = Sroi.from_dict(response.json())

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
) -> Response[Any | Problem | Sroi]:
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
    period: None | str | Unset = UNSET,
    variant: None | ReportingGetSroiVariantType0 | Unset = UNSET,
    scenario: None | ReportingGetSroiScenarioType0 | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Any | Problem | Sroi]:
    """Get Sroi

     Social return on investment, with formula version, parameters and inputs.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        period (None | str | Unset): A month or a quarter, in UTC; without it, the latest quarter
            that has figures.
        variant (None | ReportingGetSroiVariantType0 | Unset): One of the two formulas; without
            it, both.
        scenario (None | ReportingGetSroiScenarioType0 | Unset): One of the three scenarios;
            without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Sroi]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        period=period,
        variant=variant,
        scenario=scenario,
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
    period: None | str | Unset = UNSET,
    variant: None | ReportingGetSroiVariantType0 | Unset = UNSET,
    scenario: None | ReportingGetSroiScenarioType0 | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Any | Problem | Sroi | None:
    """Get Sroi

     Social return on investment, with formula version, parameters and inputs.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        period (None | str | Unset): A month or a quarter, in UTC; without it, the latest quarter
            that has figures.
        variant (None | ReportingGetSroiVariantType0 | Unset): One of the two formulas; without
            it, both.
        scenario (None | ReportingGetSroiScenarioType0 | Unset): One of the three scenarios;
            without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Sroi
    """

    return sync_detailed(
        company_id=company_id,
        client=client,
        period=period,
        variant=variant,
        scenario=scenario,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    period: None | str | Unset = UNSET,
    variant: None | ReportingGetSroiVariantType0 | Unset = UNSET,
    scenario: None | ReportingGetSroiScenarioType0 | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[Any | Problem | Sroi]:
    """Get Sroi

     Social return on investment, with formula version, parameters and inputs.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        period (None | str | Unset): A month or a quarter, in UTC; without it, the latest quarter
            that has figures.
        variant (None | ReportingGetSroiVariantType0 | Unset): One of the two formulas; without
            it, both.
        scenario (None | ReportingGetSroiScenarioType0 | Unset): One of the three scenarios;
            without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Sroi]
    """

    kwargs = _get_kwargs(
        company_id=company_id,
        period=period,
        variant=variant,
        scenario=scenario,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    company_id: UUID,
    *,
    client: AuthenticatedClient,
    period: None | str | Unset = UNSET,
    variant: None | ReportingGetSroiVariantType0 | Unset = UNSET,
    scenario: None | ReportingGetSroiScenarioType0 | Unset = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Any | Problem | Sroi | None:
    """Get Sroi

     Social return on investment, with formula version, parameters and inputs.

    Args:
        company_id (UUID): The company of the credential, unless an administrator asks.
        period (None | str | Unset): A month or a quarter, in UTC; without it, the latest quarter
            that has figures.
        variant (None | ReportingGetSroiVariantType0 | Unset): One of the two formulas; without
            it, both.
        scenario (None | ReportingGetSroiScenarioType0 | Unset): One of the three scenarios;
            without it, all.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Sroi
    """

    return (
        await asyncio_detailed(
            company_id=company_id,
            client=client,
            period=period,
            variant=variant,
            scenario=scenario,
            x_api_version=x_api_version,
        )
    ).parsed
