"""What the routes share, made once by the application's lifespan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast
from uuid import UUID

import asyncpg
from fastapi import Depends, Request

from orchestration.ai.classifying import Classifying
from orchestration.impact_in.settings import DeliverySettings
from serving.admin_reads import AdminReads
from serving.answers import Answers
from serving.budgets import QueryBudgets
from serving.credentials import KeyDirectory, TokenVerifier
from serving.metrics import Metrics
from serving.queries.evidence import Evidence
from serving.queries.journey import Journeys
from serving.queries.safety_texts import FlaggedTexts
from serving.rate_limit import RateLimiter
from serving.settings import ServingSettings
from serving.stream.hub import Hub
from serving.stream.revocation import Revocations
from serving.stream.session import StreamSessions
from serving.wall import Asks, CompanyPool


@dataclass(frozen=True)
class AppServices:
    settings: ServingSettings
    pool: asyncpg.Pool
    walled: asyncpg.Pool  # for statements about one company; see serving/wall.py
    answers: Answers
    keys: KeyDirectory
    tokens: TokenVerifier
    limiter: RateLimiter
    budgets: QueryBudgets
    evidence: Evidence
    flagged_texts: FlaggedTexts
    journeys: Journeys
    metrics: Metrics
    classifying: Classifying
    hub: Hub | None  # None: live updates are switched off
    revocations: Revocations
    sessions: StreamSessions
    delivery_settings: DeliverySettings
    admin_reads: AdminReads

    def seen_by(self, company_id: UUID | None) -> Asks:
        """Postgres as the company sees it; the whole of it for None, an administrator of the platform."""
        return self.pool if company_id is None else CompanyPool(self.walled, company_id)


def _services(request: Request) -> AppServices:
    return cast(AppServices, request.app.state.services)


Services = Annotated[AppServices, Depends(_services)]


def _read_pool(services: Services) -> asyncpg.Pool:
    return services.pool


ReadPool = Annotated[asyncpg.Pool, Depends(_read_pool)]
