"""What every part of a rule is made of: names, numbers, texts, and refusal of what is not known."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Operator = Literal[">=", ">", "<=", "<", "=", "!="]
NAME = r"^[a-z][a-z0-9_]{0,62}$"
Name = Annotated[str, Field(pattern=NAME)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]
Text = Annotated[str, Field(min_length=1, max_length=255)]


class Part(BaseModel):
    """Base of every part of a rule: an unknown key is an error, nothing is changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
