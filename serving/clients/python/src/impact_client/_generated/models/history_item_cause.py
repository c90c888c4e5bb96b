from typing import Literal, cast

HistoryItemCause = Literal["correction", "event", "expiry", "rules", "time"]


def check_history_item_cause(value: str) -> HistoryItemCause:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(HistoryItemCause, value)
