from typing import Literal, cast

ScoredSnippetDimension = Literal["belonging", "confidence", "job_readiness", "lang_level_proxy", "well_being"]


def check_scored_snippet_dimension(value: str) -> ScoredSnippetDimension:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScoredSnippetDimension, value)
