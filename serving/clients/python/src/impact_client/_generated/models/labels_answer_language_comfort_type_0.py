from typing import Literal, cast

LabelsAnswerLanguageComfortType0 = Literal["high", "low", "medium"]


def check_labels_answer_language_comfort_type_0(value: str) -> LabelsAnswerLanguageComfortType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LabelsAnswerLanguageComfortType0, value)
