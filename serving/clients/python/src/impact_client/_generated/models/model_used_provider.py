from typing import Literal, cast

ModelUsedProvider = Literal["anthropic", "local"]


def check_model_used_provider(value: str) -> ModelUsedProvider:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(ModelUsedProvider, value)
