from typing import Literal, cast

ScreenAnswerAction = Literal["allow", "block", "escalate", "hold", "warn"]


def check_screen_answer_action(value: str) -> ScreenAnswerAction:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ScreenAnswerAction, value)
