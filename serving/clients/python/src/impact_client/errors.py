"""What a call can end with other than an answer.

`ImpactProblem` is the API saying no, in one of the kinds of `impact_client.problems`; `ApiUnreachable` is no
answer at all. Both are `ImpactError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class ImpactError(Exception):
    """Anything this package raises about a call."""


class ApiUnreachable(ImpactError):
    """No answer, after as many tries as were allowed. Whether the API did the work is not known."""


class UnexpectedAnswer(ImpactError):
    """An answer that the API's description does not have: another version of it, or not the API at all."""


class CompanyMissing(ImpactError):
    """The call is about one company, and neither it nor the client names one."""


class ImpactProblem(ImpactError):
    """A problem document (RFC 9457) that the API answered with.

    Each kind the API knows has a class of its own in `impact_client.problems`; a kind that came later than
    this package is an `ImpactProblem` itself.
    """

    slug: ClassVar[str] = ""
    advice: ClassVar[str] = ""

    def __init__(self, document: Mapping[str, Any], status: int, retry_after_s: float | None = None) -> None:
        self.status = status
        self.type = str(document.get("type", "about:blank"))
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.instance = str(document.get("instance", ""))  # the request's id in the API's log
        self.errors: list[dict[str, str]] = list(document.get("errors") or [])
        self.members: dict[str, Any] = dict(document)  # all of them, also those of this kind alone
        self.retry_after_s = retry_after_s
        super().__init__(f"{status} {self.title}: {self.detail} ({self.instance or 'no id'})")
