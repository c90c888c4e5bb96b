from typing import Literal, cast

TaxonomyRiskCuesItem = Literal[
    "anxiety",
    "confusion",
    "disengagement",
    "dropout_indication",
    "frustration",
    "isolation",
    "lack_of_support",
    "negative_self_talk",
]


def check_taxonomy_risk_cues_item(value: str) -> TaxonomyRiskCuesItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyRiskCuesItem, value)
