from typing import Literal, cast

BudgetAnswerMode = Literal["batch", "direct", "local"]


def check_budget_answer_mode(value: str) -> BudgetAnswerMode:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(BudgetAnswerMode, value)
