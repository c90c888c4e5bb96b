"""Texts as labels and scores, and the models behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

from impact_client._answers import given, only
from impact_client._async.group import Group
from impact_client._generated.api.q2q import (
    q2q_classify,
)
from impact_client._generated.api.q2q import (
    q_2_q_get_drift as q2q_get_drift,
)
from impact_client._generated.api.q2q import (
    q_2_q_get_eval as q2q_get_eval,
)
from impact_client._generated.api.q2q import (
    q_2_q_get_model as q2q_get_model,
)
from impact_client._generated.api.q2q import (
    q_2_q_get_taxonomy as q2q_get_taxonomy,
)
from impact_client._generated.api.q2q import (
    q_2_q_list_models as q2q_list_models,
)
from impact_client.models import (
    ClassifiedText,
    DriftResults,
    Evaluations,
    ModelHistory,
    ModelVersions,
    Taxonomy,
    TextContext,
    TextToClassify,
)


class Q2Q(Group):
    """Labels of texts, and how good they are."""

    async def classify(
        self,
        text: str,
        *,
        language: Literal["en", "uk", "no"] | None = None,
        provider: Literal["auto", "local", "anthropic"] = "auto",
        context_type: Literal["conversation", "survey", "assessment", "other"] = "other",
        context_id: str | None = None,
        user_id: UUID | str | None = None,
        idempotency_key: str | None = None,
        company_id: UUID | str | None = None,
    ) -> ClassifiedText:
        """Labels and scores of one text. It is screened and redacted first, and not stored.

        The call has an idempotency key of its own, so that trying again is paid once; give yours to repeat
        it from another process too. Raises `TextHeld` for a text that reviewers have to see first.
        """
        answer = await q2q_classify.asyncio_detailed(
            client=self._client,
            body=TextToClassify(
                text=text,
                language=given(language),
                provider=provider,
                context=TextContext(type_=context_type, id=given(context_id)),
                user_id=given(None if user_id is None else UUID(str(user_id))),
            ),
            company_id=self._own(company_id),
            idempotency_key=idempotency_key or str(uuid4()),
        )
        return only(ClassifiedText, answer)

    async def get_taxonomy(self) -> Taxonomy:
        """Everything that can be found in a text, and how it is scored."""
        return only(
            Taxonomy,
            await q2q_get_taxonomy.asyncio_detailed(client=self._client, company_id=self._own(None)),
        )

    async def get_eval(self, model_id: str | None = None, *, limit: int = 20) -> Evaluations:
        """How well each version of a model labels, per label and language; newest first."""
        return only(
            Evaluations,
            await q2q_get_eval.asyncio_detailed(client=self._client, model_id=given(model_id), limit=limit),
        )

    async def list_models(self, *, at: datetime | None = None) -> ModelVersions:
        """The models, and which of them labels, now or at another time."""
        return only(ModelVersions, await q2q_list_models.asyncio_detailed(client=self._client, at=given(at)))

    async def get_model(self, model_id: str, *, at: datetime | None = None) -> ModelHistory:
        """One model and the times at which it labelled."""
        return only(
            ModelHistory, await q2q_get_model.asyncio_detailed(model_id, client=self._client, at=given(at))
        )

    async def get_drift(
        self,
        model_id: str | None = None,
        *,
        language: str | None = None,
        since: datetime | None = None,
        limit: int = 500,
    ) -> DriftResults:
        """Whether a model's answers have moved; newest windows first."""
        answer = await q2q_get_drift.asyncio_detailed(
            client=self._client,
            model_id=given(model_id),
            language=given(language),
            since=given(since),
            limit=limit,
        )
        return only(DriftResults, answer)
