from typing import Literal, cast

OpsListDeadLettersState = Literal["discarded", "gone", "replayed", "waiting"]


def check_ops_list_dead_letters_state(value: str) -> OpsListDeadLettersState:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(OpsListDeadLettersState, value)
