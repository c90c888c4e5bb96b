import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.drift_results import DriftResults
from ...models.problem import Problem
from ...models.q2q_get_drift_grain_type_0 import (
    Q2QGetDriftGrainType0,
)
from ...models.q2q_get_drift_verdict_type_0 import (
    Q2QGetDriftVerdictType0,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    model_id: None | str | Unset = UNSET,
    grain: None | Q2QGetDriftGrainType0 | Unset = UNSET,
    language: None | str | Unset = UNSET,
    verdict: None | Q2QGetDriftVerdictType0 | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 500,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(x_api_version, Unset):
        headers["X-API-Version"] = str(x_api_version)

    params: dict[str, Any] = {}

    json_model_id: None | str | Unset
    if isinstance(model_id, Unset):
        json_model_id = UNSET
    else:
        json_model_id = model_id
    params["model_id"] = json_model_id

    json_grain: None | str | Unset
    if isinstance(grain, Unset):
        json_grain = UNSET
    elif isinstance(grain, str):
        json_grain = grain
    else:
        json_grain = grain
    params["grain"] = json_grain

    json_language: None | str | Unset
    if isinstance(language, Unset):
        json_language = UNSET
    else:
        json_language = language
    params["language"] = json_language

    json_verdict: None | str | Unset
    if isinstance(verdict, Unset):
        json_verdict = UNSET
    elif isinstance(verdict, str):
        json_verdict = verdict
    else:
        json_verdict = verdict
    params["verdict"] = json_verdict

    json_since: None | str | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    elif isinstance(since, datetime.datetime):
        json_since = since.isoformat()
    else:
        json_since = since
    params["since"] = json_since

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/q2q/drift",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DriftResults | Problem | None:
    if response.status_code == 200:
        response_200 = DriftResults.from_dict(response.json())

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
) -> Response[DriftResults | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    model_id: None | str | Unset = UNSET,
    grain: None | Q2QGetDriftGrainType0 | Unset = UNSET,
    language: None | str | Unset = UNSET,
    verdict: None | Q2QGetDriftVerdictType0 | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 500,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[DriftResults | Problem]:
    """List Drift

     Drift checks, newest windows first.

    Args:
        model_id (None | str | Unset): Of one version only.
        grain (None | Q2QGetDriftGrainType0 | Unset):
        language (None | str | Unset): `all` is over all languages.
        verdict (None | Q2QGetDriftVerdictType0 | Unset):
        since (datetime.datetime | None | Unset): Windows that begin then or later.
        limit (int | Unset):  Default: 500.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DriftResults | Problem]
    """

    kwargs = _get_kwargs(
        model_id=model_id,
        grain=grain,
        language=language,
        verdict=verdict,
        since=since,
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
    model_id: None | str | Unset = UNSET,
    grain: None | Q2QGetDriftGrainType0 | Unset = UNSET,
    language: None | str | Unset = UNSET,
    verdict: None | Q2QGetDriftVerdictType0 | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 500,
    x_api_version: ApiVersion | Unset = UNSET,
) -> DriftResults | Problem | None:
    """List Drift

     Drift checks, newest windows first.

    Args:
        model_id (None | str | Unset): Of one version only.
        grain (None | Q2QGetDriftGrainType0 | Unset):
        language (None | str | Unset): `all` is over all languages.
        verdict (None | Q2QGetDriftVerdictType0 | Unset):
        since (datetime.datetime | None | Unset): Windows that begin then or later.
        limit (int | Unset):  Default: 500.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DriftResults | Problem
    """

    return sync_detailed(
        client=client,
        model_id=model_id,
        grain=grain,
        language=language,
        verdict=verdict,
        since=since,
        limit=limit,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    model_id: None | str | Unset = UNSET,
    grain: None | Q2QGetDriftGrainType0 | Unset = UNSET,
    language: None | str | Unset = UNSET,
    verdict: None | Q2QGetDriftVerdictType0 | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 500,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[DriftResults | Problem]:
    """List Drift

     Drift checks, newest windows first.

    Args:
        model_id (None | str | Unset): Of one version only.
        grain (None | Q2QGetDriftGrainType0 | Unset):
        language (None | str | Unset): `all` is over all languages.
        verdict (None | Q2QGetDriftVerdictType0 | Unset):
        since (datetime.datetime | None | Unset): Windows that begin then or later.
        limit (int | Unset):  Default: 500.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DriftResults | Problem]
    """

    kwargs = _get_kwargs(
        model_id=model_id,
        grain=grain,
        language=language,
        verdict=verdict,
        since=since,
        limit=limit,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    model_id: None | str | Unset = UNSET,
    grain: None | Q2QGetDriftGrainType0 | Unset = UNSET,
    language: None | str | Unset = UNSET,
    verdict: None | Q2QGetDriftVerdictType0 | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    limit: int | Unset = 500,
    x_api_version: ApiVersion | Unset = UNSET,
) -> DriftResults | Problem | None:
    """List Drift

     Drift checks, newest windows first.

    Args:
        model_id (None | str | Unset): Of one version only.
        grain (None | Q2QGetDriftGrainType0 | Unset):
        language (None | str | Unset): `all` is over all languages.
        verdict (None | Q2QGetDriftVerdictType0 | Unset):
        since (datetime.datetime | None | Unset): Windows that begin then or later.
        limit (int | Unset):  Default: 500.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DriftResults | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            model_id=model_id,
            grain=grain,
            language=language,
            verdict=verdict,
            since=since,
            limit=limit,
            x_api_version=x_api_version,
        )
    ).parsed
