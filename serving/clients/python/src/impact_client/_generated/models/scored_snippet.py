from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.scored_snippet_dimension import (
    ScoredSnippetDimension,
    check_scored_snippet_dimension,
)

T = TypeVar("T", bound="ScoredSnippet")


@_attrs_define
class ScoredSnippet:
    """One text's score on one dimension, and the words it rests on."""

    event_id: UUID
    """ The `q2q.scored` event; `raw.events` has it. """
    text_id: UUID
    dimension: ScoredSnippetDimension
    score: float
    """ 0 is worst, 1 is best. """
    confidence: float
    label: str
    """ What the words were taken for. """
    snippet: None | str
    """ Redacted: placeholders stand for what names a person. Null from `expires_at` on. """
    source: str
    """ `kintell_feedback`, `buddy_feedback` or `checkin_note`. """
    language: str
    model_version: str
    text_sha256: str
    """ Keyed hash of the text: what is left of it after `expires_at`. """
    written_at: datetime.datetime
    expires_at: datetime.datetime
    """ 90 days after it was written. """

    def to_dict(self) -> dict[str, Any]:
        event_id = str(self.event_id)

        text_id = str(self.text_id)

        dimension: str = self.dimension

        score = self.score

        confidence = self.confidence

        label = self.label

        snippet: None | str
        snippet = self.snippet

        source = self.source

        language = self.language

        model_version = self.model_version

        text_sha256 = self.text_sha256

        written_at = self.written_at.isoformat()

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "event_id": event_id,
                "text_id": text_id,
                "dimension": dimension,
                "score": score,
                "confidence": confidence,
                "label": label,
                "snippet": snippet,
                "source": source,
                "language": language,
                "model_version": model_version,
                "text_sha256": text_sha256,
                "written_at": written_at,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_id = UUID(d.pop("event_id"))

        text_id = UUID(d.pop("text_id"))

        dimension = check_scored_snippet_dimension(d.pop("dimension"))

        score = d.pop("score")

        confidence = d.pop("confidence")

        label = d.pop("label")

        def _parse_snippet(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        snippet = _parse_snippet(d.pop("snippet"))

        source = d.pop("source")

        language = d.pop("language")

        model_version = d.pop("model_version")

        text_sha256 = d.pop("text_sha256")

        written_at = datetime.datetime.fromisoformat(d.pop("written_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        scored_snippet = cls(
            event_id=event_id,
            text_id=text_id,
            dimension=dimension,
            score=score,
            confidence=confidence,
            label=label,
            snippet=snippet,
            source=source,
            language=language,
            model_version=model_version,
            text_sha256=text_sha256,
            written_at=written_at,
            expires_at=expires_at,
        )

        return scored_snippet
