from typing import Literal, cast

LabelsAnswerEmployabilitySignalsType0Item = Literal[
    "career_goal_setting",
    "certification",
    "interview_prep",
    "job_search",
    "networking",
    "portfolio_building",
    "resume_improvement",
    "skills_gained",
]


def check_labels_answer_employability_signals_type_0_item(
    value: str,
) -> LabelsAnswerEmployabilitySignalsType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LabelsAnswerEmployabilitySignalsType0Item, value)
