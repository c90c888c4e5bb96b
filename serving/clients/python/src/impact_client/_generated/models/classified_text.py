from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.classified_text_language import (
    ClassifiedTextLanguage,
    check_classified_text_language,
)

if TYPE_CHECKING:
    from ..models.classified_text_certainty import ClassifiedTextCertainty
    from ..models.classified_text_scores import ClassifiedTextScores
    from ..models.evidence_item import EvidenceItem
    from ..models.labels_answer import LabelsAnswer
    from ..models.model_used import ModelUsed
    from ..models.safety_answer import SafetyAnswer
    from ..models.text_context import TextContext
    from ..models.usage_answer import UsageAnswer


T = TypeVar("T", bound="ClassifiedText")


@_attrs_define
class ClassifiedText:
    """What a text says, by whom, and from which of its words."""

    text_id: UUID
    """ Of this answer; the text is not stored. """
    company_id: UUID
    user_id: None | UUID
    context: TextContext
    """ Where the text comes from, in the caller's words. It comes back unchanged, like `user_id`. """
    language: ClassifiedTextLanguage
    redacted_text: str
    """ What was labelled: names and contact data are placeholders. """
    labels: LabelsAnswer
    """ Null was not decided; an empty list was decided: nothing of it is in the text. """
    scores: ClassifiedTextScores
    """ 0 to 1; a dimension that was not decided has no score. """
    certainty: ClassifiedTextCertainty
    """ The model's own, by label. """
    evidence: list[EvidenceItem]
    model: ModelUsed
    usage: UsageAnswer
    safety: SafetyAnswer

    def to_dict(self) -> dict[str, Any]:
        text_id = str(self.text_id)

        company_id = str(self.company_id)

        user_id: None | str
        if isinstance(self.user_id, UUID):
            user_id = str(self.user_id)
        else:
            user_id = self.user_id

        context = self.context.to_dict()

        language: str = self.language

        redacted_text = self.redacted_text

        labels = self.labels.to_dict()

        scores = self.scores.to_dict()

        certainty = self.certainty.to_dict()

        evidence = []
        for evidence_item_data in self.evidence:
            evidence_item = evidence_item_data.to_dict()
            evidence.append(evidence_item)

        model = self.model.to_dict()

        usage = self.usage.to_dict()

        safety = self.safety.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text_id": text_id,
                "company_id": company_id,
                "user_id": user_id,
                "context": context,
                "language": language,
                "redacted_text": redacted_text,
                "labels": labels,
                "scores": scores,
                "certainty": certainty,
                "evidence": evidence,
                "model": model,
                "usage": usage,
                "safety": safety,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.classified_text_certainty import ClassifiedTextCertainty  # noqa: PLC0415
        from ..models.classified_text_scores import ClassifiedTextScores  # noqa: PLC0415
        from ..models.evidence_item import EvidenceItem  # noqa: PLC0415
        from ..models.labels_answer import LabelsAnswer  # noqa: PLC0415
        from ..models.model_used import ModelUsed  # noqa: PLC0415
        from ..models.safety_answer import SafetyAnswer  # noqa: PLC0415
        from ..models.text_context import TextContext  # noqa: PLC0415
        from ..models.usage_answer import UsageAnswer  # noqa: PLC0415

        d = dict(src_dict)
        text_id = UUID(d.pop("text_id"))

        company_id = UUID(d.pop("company_id"))

        def _parse_user_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                user_id_type_0 = UUID(data)

                return user_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        user_id = _parse_user_id(d.pop("user_id"))

        context = TextContext.from_dict(d.pop("context"))

        language = check_classified_text_language(d.pop("language"))

        redacted_text = d.pop("redacted_text")

        labels = LabelsAnswer.from_dict(d.pop("labels"))

        scores = ClassifiedTextScores.from_dict(d.pop("scores"))

        certainty = ClassifiedTextCertainty.from_dict(d.pop("certainty"))

        evidence = []
        _evidence = d.pop("evidence")
        for evidence_item_data in _evidence:
            evidence_item = EvidenceItem.from_dict(evidence_item_data)

            evidence.append(evidence_item)

        model = ModelUsed.from_dict(d.pop("model"))

        usage = UsageAnswer.from_dict(d.pop("usage"))

        safety = SafetyAnswer.from_dict(d.pop("safety"))

        classified_text = cls(
            text_id=text_id,
            company_id=company_id,
            user_id=user_id,
            context=context,
            language=language,
            redacted_text=redacted_text,
            labels=labels,
            scores=scores,
            certainty=certainty,
            evidence=evidence,
            model=model,
            usage=usage,
            safety=safety,
        )

        return classified_text
