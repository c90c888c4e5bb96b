from typing import Literal, cast

SafetyAnswerAction = Literal["allow", "warn"]


def check_safety_answer_action(value: str) -> SafetyAnswerAction:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SafetyAnswerAction, value)
