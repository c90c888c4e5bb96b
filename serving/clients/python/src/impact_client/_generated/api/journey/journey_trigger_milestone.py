from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.api_version import ApiVersion
from ...models.journey_trigger_milestone_milestone import (
    JourneyTriggerMilestoneMilestone,
)
from ...models.milestone_order import MilestoneOrder
from ...models.participant_milestone import ParticipantMilestone
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    participant_id: UUID,
    milestone: JourneyTriggerMilestoneMilestone,
    *,
    body: MilestoneOrder,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
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

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/journey/milestones/{participant_id}/{milestone}".format(
            participant_id=quote(str(participant_id), safe=""),
            milestone=quote(str(milestone), safe=""),
        ),
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ParticipantMilestone | Problem | None:
    if response.status_code == 200:
        response_200 = ParticipantMilestone.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = ParticipantMilestone.from_dict(response.json())

        return response_201

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

    if response.status_code == 408:
        response_408 = Problem.from_dict(response.json())

        return response_408

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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
) -> Response[ParticipantMilestone | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    participant_id: UUID,
    milestone: JourneyTriggerMilestoneMilestone,
    *,
    client: AuthenticatedClient,
    body: MilestoneOrder,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[ParticipantMilestone | Problem]:
    """Record Milestone

     Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        milestone (JourneyTriggerMilestoneMilestone):
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.
        body (MilestoneOrder): A milestone that no rule can see.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ParticipantMilestone | Problem]
    """

    kwargs = _get_kwargs(
        participant_id=participant_id,
        milestone=milestone,
        body=body,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    participant_id: UUID,
    milestone: JourneyTriggerMilestoneMilestone,
    *,
    client: AuthenticatedClient,
    body: MilestoneOrder,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> ParticipantMilestone | Problem | None:
    """Record Milestone

     Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        milestone (JourneyTriggerMilestoneMilestone):
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.
        body (MilestoneOrder): A milestone that no rule can see.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ParticipantMilestone | Problem
    """

    return sync_detailed(
        participant_id=participant_id,
        milestone=milestone,
        client=client,
        body=body,
        company_id=company_id,
        x_api_version=x_api_version,
    ).parsed


async def asyncio_detailed(
    participant_id: UUID,
    milestone: JourneyTriggerMilestoneMilestone,
    *,
    client: AuthenticatedClient,
    body: MilestoneOrder,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> Response[ParticipantMilestone | Problem]:
    """Record Milestone

     Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        milestone (JourneyTriggerMilestoneMilestone):
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.
        body (MilestoneOrder): A milestone that no rule can see.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ParticipantMilestone | Problem]
    """

    kwargs = _get_kwargs(
        participant_id=participant_id,
        milestone=milestone,
        body=body,
        company_id=company_id,
        x_api_version=x_api_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    participant_id: UUID,
    milestone: JourneyTriggerMilestoneMilestone,
    *,
    client: AuthenticatedClient,
    body: MilestoneOrder,
    company_id: None | Unset | UUID = UNSET,
    x_api_version: ApiVersion | Unset = UNSET,
) -> ParticipantMilestone | Problem | None:
    """Record Milestone

     Record a milestone that no rule can see. Reached before, it stays as it was: 200 instead of 201.

    Args:
        participant_id (UUID): The participant's pseudonym, as in events.
        milestone (JourneyTriggerMilestoneMilestone):
        company_id (None | Unset | UUID): For administrators of the platform.
        x_api_version (ApiVersion | Unset): A dated version of the API; `/api-docs/versions` says
            what changed in each.
        body (MilestoneOrder): A milestone that no rule can see.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ParticipantMilestone | Problem
    """

    return (
        await asyncio_detailed(
            participant_id=participant_id,
            milestone=milestone,
            client=client,
            body=body,
            company_id=company_id,
            x_api_version=x_api_version,
        )
    ).parsed
