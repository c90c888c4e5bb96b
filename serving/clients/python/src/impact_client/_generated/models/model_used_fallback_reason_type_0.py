from typing import Literal, cast

ModelUsedFallbackReasonType0 = Literal["budget", "no_key", "no_model", "no_price"]


def check_model_used_fallback_reason_type_0(value: str) -> ModelUsedFallbackReasonType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ModelUsedFallbackReasonType0, value)
