"""From a response to what a caller is given: the one success it can be, or an exception that says why not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from impact_client._generated.types import UNSET, Response, Unset
from impact_client.errors import ImpactProblem, UnexpectedAnswer
from impact_client.problems import PROBLEMS

T = TypeVar("T")

_PROBLEM = "application/problem+json"


def given(value: T | None) -> T | Unset:
    """A value that may have been left out, as the generated requests say it."""
    return UNSET if value is None else value


def only(kind: type[T], answer: Response[Any]) -> T:
    """The parsed success. Every other status has been raised before the answer was parsed."""
    if isinstance(answer.parsed, kind):
        return answer.parsed
    raise UnexpectedAnswer(
        f"the API answered {answer.status_code.value} where {kind.__name__} was expected;"
        " does this package fit the API's version?"
    )


def problem_of(response: httpx.Response) -> ImpactProblem:
    """The exception for a response that has been read and is not a success."""
    document: dict[str, Any] = {}
    if response.headers.get("content-type", "").startswith(_PROBLEM):
        try:
            found = response.json()
        except (json.JSONDecodeError, UnicodeDecodeError):
            found = None
        document = found if isinstance(found, dict) else {}
    slug = str(document.get("type", "")).rpartition("/")[2]
    kind = PROBLEMS.get(slug, ImpactProblem)
    if not document:  # something before the API, such as a proxy
        document = {"title": response.reason_phrase, "detail": "the answer is no problem document of the API"}
    return kind(document, response.status_code, retry_after_s(response))


def retry_after_s(response: httpx.Response) -> float | None:
    """The seconds that `Retry-After` asks for, given as a number or as a date; None without it."""
    value = response.headers.get("retry-after")
    if value is None:
        return None
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds: float = (moment - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds)
