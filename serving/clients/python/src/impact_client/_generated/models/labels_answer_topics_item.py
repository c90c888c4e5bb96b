from typing import Literal, cast

LabelsAnswerTopicsItem = Literal["cv", "dev", "interview", "mentorship", "networking", "pm"]


def check_labels_answer_topics_item(value: str) -> LabelsAnswerTopicsItem:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LabelsAnswerTopicsItem, value)
