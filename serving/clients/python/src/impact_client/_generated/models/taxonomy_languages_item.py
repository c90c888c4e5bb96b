from typing import Literal, cast

TaxonomyLanguagesItem = Literal["en", "no", "uk"]


def check_taxonomy_languages_item(value: str) -> TaxonomyLanguagesItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyLanguagesItem, value)
