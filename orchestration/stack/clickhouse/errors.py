"""Errors as ClickHouse tells them: a number, a name, a text, and the HTTP status that goes with them."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"Code: (\d+)\. (?:DB::Exception: )?")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)")
_TRAILER = re.compile(r"\s*(?:\(version [^()]*(?:\([^()]*\))?\)\.?|\([A-Z][A-Z0-9_]+\))\s*$")

# As in ClickHouse's own HTTP handler: the statement is at fault, something is unknown, not allowed, too much.
_STATUS_OF = {
    400: (6, 26, 27, 36, 38, 41, 42, 43, 44, 45, 53, 62, 69, 70, 72, 117, 131, 191, 374, 432, 456),
    401: (194,),
    403: (164, 192, 193, 497, 516),
    404: (46, 47, 50, 52, 56, 60, 73, 81, 115, 372),
    408: (159, 209),
    413: (158, 229, 396),
    415: (88,),
    501: (48,),
    503: (76, 202),  # clickhouse-connect tries again by itself
}
_STATUS = {code: status for status, codes in _STATUS_OF.items() for code in codes}


class ClickHouseError(Exception):
    """A refused or failed statement. `text` is what a ClickHouse server would write into the response."""

    def __init__(self, code: int, name: str, message: str) -> None:
        super().__init__(message)
        self.code, self.name, self.message = code, name, message

    @property
    def status(self) -> int:
        return _STATUS.get(self.code, 500)

    @property
    def text(self) -> str:
        return f"Code: {self.code}. DB::Exception: {self.message} ({self.name})"

    @classmethod
    def from_engine(cls, error: BaseException) -> ClickHouseError:
        """The engine raises text alone, at times in itself: `Code: 73. DB::Exception: Code: 73. …`."""
        text = str(error)
        start = _PREFIX.search(text)
        if start is None:
            return cls(1002, "UNKNOWN_EXCEPTION", text or type(error).__name__)
        code, message, name = int(start[1]), text[start.end() :], "UNKNOWN_EXCEPTION"
        while (again := _PREFIX.match(message)) is not None:
            message = message[again.end() :]
        while (trailer := _TRAILER.search(message)) is not None:
            if (found := _NAME.search(trailer[0])) is not None:
                name = found[1]
            message = message[: trailer.start()]
        return cls(code, name, message)


def syntax_error(message: str) -> ClickHouseError:
    """For a statement the front itself sees cannot run."""
    return ClickHouseError(62, "SYNTAX_ERROR", f"Syntax error: {message}")
