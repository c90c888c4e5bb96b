from typing import Literal, cast

LetterState = Literal["discarded", "gone", "replayed", "waiting"]


def check_letter_state(value: str) -> LetterState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LetterState, value)
