from typing import Literal, cast

LabelsAnswerRiskCuesType0Item = Literal[
    "anxiety",
    "confusion",
    "disengagement",
    "dropout_indication",
    "frustration",
    "isolation",
    "lack_of_support",
    "negative_self_talk",
]


def check_labels_answer_risk_cues_type_0_item(value: str) -> LabelsAnswerRiskCuesType0Item:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LabelsAnswerRiskCuesType0Item, value)
