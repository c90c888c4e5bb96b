from typing import Literal, cast

TaxonomyTopicsItem = Literal["cv", "dev", "interview", "mentorship", "networking", "pm"]


def check_taxonomy_topics_item(value: str) -> TaxonomyTopicsItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyTopicsItem, value)
