"""Reports to CSR suites: when they are made, what they say, and whether they arrived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from impact_client._answers import given, only
from impact_client._generated.api.impact_in import (
    impact_in_approve_scheduled,
    impact_in_get_delivery,
    impact_in_get_delivery_stats,
    impact_in_get_sla_status,
    impact_in_list_deliveries,
    impact_in_list_schedules,
    impact_in_preview_scheduled,
    impact_in_replay_deliveries,
    impact_in_replay_scheduled,
    impact_in_run_schedule_now,
)
from impact_client._sync.group import Group, each
from impact_client.models import (
    Approval,
    ApprovalOrder,
    BulkReplay,
    BulkReplayOrder,
    Delivery,
    DeliveryPage,
    DeliveryWithAttempts,
    Preview,
    Run,
    RunOrder,
    ScheduleList,
    SlaStatus,
    Stats,
)

Status = Literal["awaiting_approval", "due", "sending", "retrying", "delivered", "failed"]


class ImpactIn(Group):
    """Schedules, previews, deliveries and replays of one company's reports."""

    def list_deliveries(
        self,
        *,
        platform: str | None = None,
        statuses: Sequence[Status] | None = None,
        period: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        company_id: UUID | str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> DeliveryPage:
        """Deliveries, newest first: one page."""
        answer = impact_in_list_deliveries.sync_detailed(
            client=self._client,
            platform=given(platform),
            status=given(list(statuses) if statuses else None),
            period=given(period),
            from_=given(since),
            to=given(until),
            company_id=self._own(company_id),
            limit=limit,
            cursor=given(cursor),
        )
        return only(DeliveryPage, answer)

    def iter_deliveries(
        self,
        *,
        platform: str | None = None,
        statuses: Sequence[Status] | None = None,
        period: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        company_id: UUID | str | None = None,
        limit: int = 100,
    ) -> Iterator[Delivery]:
        """The deliveries of `list_deliveries` over all pages."""
        return each(
            self.list_deliveries, platform=platform, statuses=statuses, period=period, since=since,
            until=until, company_id=company_id, limit=limit,
        )  # fmt: skip

    def get_delivery(self, delivery_id: UUID | str) -> DeliveryWithAttempts:
        """One delivery with every request that was made for it, and what the partner said of it later."""
        return only(
            DeliveryWithAttempts,
            impact_in_get_delivery.sync_detailed(UUID(str(delivery_id)), client=self._client),
        )

    def get_stats(self, *, since: datetime | None = None, company_id: UUID | str | None = None) -> Stats:
        """How many deliveries there are, per platform and status."""
        answer = impact_in_get_delivery_stats.sync_detailed(
            client=self._client, from_=given(since), company_id=self._own(company_id)
        )
        return only(Stats, answer)

    def get_sla_status(
        self, *, since: datetime | None = None, company_id: UUID | str | None = None
    ) -> SlaStatus:
        """Whether each platform's deliveries keep what is promised."""
        answer = impact_in_get_sla_status.sync_detailed(
            client=self._client, from_=given(since), company_id=self._own(company_id)
        )
        return only(SlaStatus, answer)

    def list_schedules(self, *, company_id: UUID | str | None = None) -> ScheduleList:
        """When which report is made."""
        return only(
            ScheduleList,
            impact_in_list_schedules.sync_detailed(client=self._client, company_id=self._own(company_id)),
        )

    def run_now(self, schedule_id: UUID | str, *, period: str | None = None) -> Run:
        """Make a schedule's report now, of the period that closed last or of another one."""
        answer = impact_in_run_schedule_now.sync_detailed(
            UUID(str(schedule_id)), client=self._client, body=RunOrder(period=given(period))
        )
        return only(Run, answer)

    def preview(self, scheduled_id: UUID | str, *, period: str | None = None) -> Preview:
        """What a schedule would send, or what a delivery is: the bytes, their hash, and what has changed."""
        answer = impact_in_preview_scheduled.sync_detailed(
            UUID(str(scheduled_id)), client=self._client, period=given(period)
        )
        return only(Preview, answer)

    def approve(self, preview: Preview) -> Approval:
        """Send exactly the bytes of a preview. `PreviewExpired` if the figures have moved since."""
        answer = impact_in_approve_scheduled.sync_detailed(
            preview.delivery_id or preview.schedule_id,
            client=self._client,
            body=ApprovalOrder(payload_sha256=preview.payload_sha256, preview_id=given(preview.preview_id)),
        )
        return only(Approval, answer)

    def replay(self, delivery_id: UUID | str) -> Delivery:
        """Send a failed delivery again: the same bytes under the same key, so that it cannot count twice."""
        return only(
            Delivery,
            impact_in_replay_scheduled.sync_detailed(UUID(str(delivery_id)), client=self._client),
        )

    def replay_failed(
        self,
        delivery_ids: Sequence[UUID | str] | None = None,
        *,
        platform: str | None = None,
        period: str | None = None,
        dry_run: bool = False,
        company_id: UUID | str | None = None,
    ) -> BulkReplay:
        """Send failed deliveries again, up to 100: those named, or those that match."""
        named = None if delivery_ids is None else [UUID(str(one)) for one in delivery_ids]
        answer = impact_in_replay_deliveries.sync_detailed(
            client=self._client,
            body=BulkReplayOrder(
                delivery_ids=given(named), platform=given(platform), period=given(period), dry_run=dry_run
            ),
            company_id=self._own(company_id),
        )
        return only(BulkReplay, answer)
