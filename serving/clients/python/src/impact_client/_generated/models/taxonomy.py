from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.taxonomy_changes_item import (
    TaxonomyChangesItem,
    check_taxonomy_changes_item,
)
from ..models.taxonomy_employability_signals_item import (
    TaxonomyEmployabilitySignalsItem,
    check_taxonomy_employability_signals_item,
)
from ..models.taxonomy_language_comfort_item import (
    TaxonomyLanguageComfortItem,
    check_taxonomy_language_comfort_item,
)
from ..models.taxonomy_languages_item import (
    TaxonomyLanguagesItem,
    check_taxonomy_languages_item,
)
from ..models.taxonomy_risk_cues_item import (
    TaxonomyRiskCuesItem,
    check_taxonomy_risk_cues_item,
)
from ..models.taxonomy_topics_item import TaxonomyTopicsItem, check_taxonomy_topics_item

if TYPE_CHECKING:
    from ..models.dimension_item import DimensionItem


T = TypeVar("T", bound="Taxonomy")


@_attrs_define
class Taxonomy:
    """Everything that can be found in a text."""

    languages: list[TaxonomyLanguagesItem]
    dimensions: list[DimensionItem]
    changes: list[TaxonomyChangesItem]
    language_comfort: list[TaxonomyLanguageComfortItem]
    employability_signals: list[TaxonomyEmployabilitySignalsItem]
    risk_cues: list[TaxonomyRiskCuesItem]
    topics: list[TaxonomyTopicsItem]

    def to_dict(self) -> dict[str, Any]:
        languages = []
        for languages_item_data in self.languages:
            languages_item: str = languages_item_data
            languages.append(languages_item)

        dimensions = []
        for dimensions_item_data in self.dimensions:
            dimensions_item = dimensions_item_data.to_dict()
            dimensions.append(dimensions_item)

        changes = []
        for changes_item_data in self.changes:
            changes_item: str = changes_item_data
            changes.append(changes_item)

        language_comfort = []
        for language_comfort_item_data in self.language_comfort:
            language_comfort_item: str = language_comfort_item_data
            language_comfort.append(language_comfort_item)

        employability_signals = []
        for employability_signals_item_data in self.employability_signals:
            employability_signals_item: str = employability_signals_item_data
            employability_signals.append(employability_signals_item)

        risk_cues = []
        for risk_cues_item_data in self.risk_cues:
            risk_cues_item: str = risk_cues_item_data
            risk_cues.append(risk_cues_item)

        topics = []
        for topics_item_data in self.topics:
            topics_item: str = topics_item_data
            topics.append(topics_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "languages": languages,
                "dimensions": dimensions,
                "changes": changes,
                "language_comfort": language_comfort,
                "employability_signals": employability_signals,
                "risk_cues": risk_cues,
                "topics": topics,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dimension_item import DimensionItem  # noqa: PLC0415

        d = dict(src_dict)
        languages = []
        _languages = d.pop("languages")
        for languages_item_data in _languages:
            languages_item = check_taxonomy_languages_item(languages_item_data)

            languages.append(languages_item)

        dimensions = []
        _dimensions = d.pop("dimensions")
        for dimensions_item_data in _dimensions:
            dimensions_item = DimensionItem.from_dict(dimensions_item_data)

            dimensions.append(dimensions_item)

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = check_taxonomy_changes_item(changes_item_data)

            changes.append(changes_item)

        language_comfort = []
        _language_comfort = d.pop("language_comfort")
        for language_comfort_item_data in _language_comfort:
            language_comfort_item = check_taxonomy_language_comfort_item(language_comfort_item_data)

            language_comfort.append(language_comfort_item)

        employability_signals = []
        _employability_signals = d.pop("employability_signals")
        for employability_signals_item_data in _employability_signals:
            employability_signals_item = check_taxonomy_employability_signals_item(
                employability_signals_item_data
            )

            employability_signals.append(employability_signals_item)

        risk_cues = []
        _risk_cues = d.pop("risk_cues")
        for risk_cues_item_data in _risk_cues:
            risk_cues_item = check_taxonomy_risk_cues_item(risk_cues_item_data)

            risk_cues.append(risk_cues_item)

        topics = []
        _topics = d.pop("topics")
        for topics_item_data in _topics:
            topics_item = check_taxonomy_topics_item(topics_item_data)

            topics.append(topics_item)

        taxonomy = cls(
            languages=languages,
            dimensions=dimensions,
            changes=changes,
            language_comfort=language_comfort,
            employability_signals=employability_signals,
            risk_cues=risk_cues,
            topics=topics,
        )

        return taxonomy
