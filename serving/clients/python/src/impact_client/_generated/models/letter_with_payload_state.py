from typing import Literal, cast

LetterWithPayloadState = Literal["discarded", "gone", "replayed", "waiting"]


def check_letter_with_payload_state(value: str) -> LetterWithPayloadState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(LetterWithPayloadState, value)
