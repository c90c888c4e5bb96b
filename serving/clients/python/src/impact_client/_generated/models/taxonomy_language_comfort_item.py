from typing import Literal, cast

TaxonomyLanguageComfortItem = Literal["high", "low", "medium"]


def check_taxonomy_language_comfort_item(value: str) -> TaxonomyLanguageComfortItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyLanguageComfortItem, value)
