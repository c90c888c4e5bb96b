"""A participant's flags and milestones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from impact_client._answers import given, only
from impact_client._async.group import Group
from impact_client._generated.api.journey import (
    journey_evaluate,
    journey_get_flags,
    journey_get_history,
    journey_get_milestone,
    journey_list_milestones,
    journey_trigger_milestone,
)
from impact_client.models import (
    EvaluationOrder,
    FlagHistory,
    MilestoneOrder,
    Milestones,
    ParticipantFlags,
    ParticipantMilestone,
)

MilestoneName = Literal[
    "buddy_matched", "first_language_session", "language_level_up", "first_mentorship_session",
    "course_enrolled", "course_completed", "credential_earned", "job_ready", "mentor_ready",
]  # fmt: skip


class Journey(Group):
    """What the rules say of a participant, and why."""

    async def get_flags(
        self, participant_id: UUID | str, *, company_id: UUID | str | None = None
    ) -> ParticipantFlags:
        """Every flag: whether it is set, why, and what is missing where it is not."""
        answer = await journey_get_flags.asyncio_detailed(
            UUID(str(participant_id)), client=self._client, company_id=self._own(company_id)
        )
        return only(ParticipantFlags, answer)

    async def get_history(
        self,
        participant_id: UUID | str,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
        limit: int = 200,
        trials: bool = False,
        company_id: UUID | str | None = None,
    ) -> FlagHistory:
        """What was believed, about when, and since when."""
        answer = await journey_get_history.asyncio_detailed(
            UUID(str(participant_id)),
            client=self._client,
            as_of=given(as_of),
            known_at=given(known_at),
            limit=limit,
            trials=trials,
            company_id=self._own(company_id),
        )
        return only(FlagHistory, answer)

    async def evaluate(
        self, participant_id: UUID | str, *, company_id: UUID | str | None = None
    ) -> EvaluationOrder:
        """Have a participant's whole history looked at again. It takes a second or so."""
        answer = await journey_evaluate.asyncio_detailed(
            UUID(str(participant_id)), client=self._client, company_id=self._own(company_id)
        )
        return only(EvaluationOrder, answer)

    async def get_milestones(
        self, participant_id: UUID | str, *, company_id: UUID | str | None = None
    ) -> Milestones:
        """The milestones a participant has reached, in that order."""
        answer = await journey_list_milestones.asyncio_detailed(
            UUID(str(participant_id)), client=self._client, company_id=self._own(company_id)
        )
        return only(Milestones, answer)

    async def get_milestone(
        self, participant_id: UUID | str, milestone: MilestoneName, *, company_id: UUID | str | None = None
    ) -> ParticipantMilestone:
        """One milestone: when and why it was reached, or what is missing."""
        answer = await journey_get_milestone.asyncio_detailed(
            UUID(str(participant_id)), milestone, client=self._client, company_id=self._own(company_id)
        )
        return only(ParticipantMilestone, answer)

    async def trigger_milestone(
        self,
        participant_id: UUID | str,
        milestone: MilestoneName,
        *,
        reason: str,
        reached_at: datetime | None = None,
        company_id: UUID | str | None = None,
    ) -> ParticipantMilestone:
        """Record a milestone that no rule can see. One that was reached before stays as it was.

        `reason` is for colleagues; leave names out. `reached_at` is now unless it is given.
        """
        answer = await journey_trigger_milestone.asyncio_detailed(
            UUID(str(participant_id)),
            milestone,
            client=self._client,
            body=MilestoneOrder(reached_at=reached_at or datetime.now(UTC), reason=reason),
            company_id=self._own(company_id),
        )
        return only(ParticipantMilestone, answer)
