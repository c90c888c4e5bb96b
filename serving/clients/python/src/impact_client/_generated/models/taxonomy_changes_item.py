from typing import Literal, cast

TaxonomyChangesItem = Literal[
    "belonging_decrease", "belonging_increase", "confidence_decrease", "confidence_increase"
]


def check_taxonomy_changes_item(value: str) -> TaxonomyChangesItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyChangesItem, value)
