from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.labels_answer_employability_signals_type_0_item import (
    LabelsAnswerEmployabilitySignalsType0Item,
    check_labels_answer_employability_signals_type_0_item,
)
from ..models.labels_answer_language_comfort_type_0 import (
    LabelsAnswerLanguageComfortType0,
    check_labels_answer_language_comfort_type_0,
)
from ..models.labels_answer_risk_cues_type_0_item import (
    LabelsAnswerRiskCuesType0Item,
    check_labels_answer_risk_cues_type_0_item,
)
from ..models.labels_answer_topics_item import (
    LabelsAnswerTopicsItem,
    check_labels_answer_topics_item,
)

T = TypeVar("T", bound="LabelsAnswer")


@_attrs_define
class LabelsAnswer:
    """Null was not decided; an empty list was decided: nothing of it is in the text."""

    confidence_increase: bool | None
    confidence_decrease: bool | None
    belonging_increase: bool | None
    belonging_decrease: bool | None
    language_comfort: LabelsAnswerLanguageComfortType0 | None
    employability_signals: list[LabelsAnswerEmployabilitySignalsType0Item] | None
    risk_cues: list[LabelsAnswerRiskCuesType0Item] | None
    topics: list[LabelsAnswerTopicsItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        confidence_increase: bool | None
        confidence_increase = self.confidence_increase

        confidence_decrease: bool | None
        confidence_decrease = self.confidence_decrease

        belonging_increase: bool | None
        belonging_increase = self.belonging_increase

        belonging_decrease: bool | None
        belonging_decrease = self.belonging_decrease

        language_comfort: None | str
        if isinstance(self.language_comfort, str):
            language_comfort = self.language_comfort
        else:
            language_comfort = self.language_comfort

        employability_signals: list[str] | None
        if isinstance(self.employability_signals, list):
            employability_signals = []
            for employability_signals_type_0_item_data in self.employability_signals:
                employability_signals_type_0_item: str = employability_signals_type_0_item_data
                employability_signals.append(employability_signals_type_0_item)

        else:
            employability_signals = self.employability_signals

        risk_cues: list[str] | None
        if isinstance(self.risk_cues, list):
            risk_cues = []
            for risk_cues_type_0_item_data in self.risk_cues:
                risk_cues_type_0_item: str = risk_cues_type_0_item_data
                risk_cues.append(risk_cues_type_0_item)

        else:
            risk_cues = self.risk_cues

        topics = []
        for topics_item_data in self.topics:
            topics_item: str = topics_item_data
            topics.append(topics_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "confidence_increase": confidence_increase,
                "confidence_decrease": confidence_decrease,
                "belonging_increase": belonging_increase,
                "belonging_decrease": belonging_decrease,
                "language_comfort": language_comfort,
                "employability_signals": employability_signals,
                "risk_cues": risk_cues,
                "topics": topics,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_confidence_increase(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        confidence_increase = _parse_confidence_increase(d.pop("confidence_increase"))

        def _parse_confidence_decrease(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        confidence_decrease = _parse_confidence_decrease(d.pop("confidence_decrease"))

        def _parse_belonging_increase(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        belonging_increase = _parse_belonging_increase(d.pop("belonging_increase"))

        def _parse_belonging_decrease(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        belonging_decrease = _parse_belonging_decrease(d.pop("belonging_decrease"))

        def _parse_language_comfort(data: object) -> LabelsAnswerLanguageComfortType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                language_comfort_type_0 = check_labels_answer_language_comfort_type_0(data)

                return language_comfort_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LabelsAnswerLanguageComfortType0 | None, data)

        language_comfort = _parse_language_comfort(d.pop("language_comfort"))

        def _parse_employability_signals(
            data: object,
        ) -> list[LabelsAnswerEmployabilitySignalsType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                employability_signals_type_0 = []
                _employability_signals_type_0 = data
                for employability_signals_type_0_item_data in _employability_signals_type_0:
                    employability_signals_type_0_item = check_labels_answer_employability_signals_type_0_item(
                        employability_signals_type_0_item_data
                    )

                    employability_signals_type_0.append(employability_signals_type_0_item)

                return employability_signals_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[LabelsAnswerEmployabilitySignalsType0Item] | None, data)

        employability_signals = _parse_employability_signals(d.pop("employability_signals"))

        def _parse_risk_cues(data: object) -> list[LabelsAnswerRiskCuesType0Item] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                risk_cues_type_0 = []
                _risk_cues_type_0 = data
                for risk_cues_type_0_item_data in _risk_cues_type_0:
                    risk_cues_type_0_item = check_labels_answer_risk_cues_type_0_item(
                        risk_cues_type_0_item_data
                    )

                    risk_cues_type_0.append(risk_cues_type_0_item)

                return risk_cues_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[LabelsAnswerRiskCuesType0Item] | None, data)

        risk_cues = _parse_risk_cues(d.pop("risk_cues"))

        topics = []
        _topics = d.pop("topics")
        for topics_item_data in _topics:
            topics_item = check_labels_answer_topics_item(topics_item_data)

            topics.append(topics_item)

        labels_answer = cls(
            confidence_increase=confidence_increase,
            confidence_decrease=confidence_decrease,
            belonging_increase=belonging_increase,
            belonging_decrease=belonging_decrease,
            language_comfort=language_comfort,
            employability_signals=employability_signals,
            risk_cues=risk_cues,
            topics=topics,
        )

        labels_answer.additional_properties = d
        return labels_answer

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
