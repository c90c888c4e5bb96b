from typing import Literal, cast

TaxonomyEmployabilitySignalsItem = Literal[
    "career_goal_setting",
    "certification",
    "interview_prep",
    "job_search",
    "networking",
    "portfolio_building",
    "resume_improvement",
    "skills_gained",
]


def check_taxonomy_employability_signals_item(value: str) -> TaxonomyEmployabilitySignalsItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(TaxonomyEmployabilitySignalsItem, value)
