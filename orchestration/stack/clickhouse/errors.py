"""Errors as ClickHouse tells them: a number, a name, a text, and the HTTP status that goes with them."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"Code: (\d+)\. (?:DB::Exception: )?")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)")
_TRAILER = re.compile(r"\s*(?:\((?:version [^()]*(?:\([^()]*\))?)\)\.?|\([A-Z][A-Z0-9_]+\))\s*$")

_STATUS = {
    36: 400, 38: 400, 41: 400, 42: 400, 43: 400, 44: 400, 45: 400, 53: 400, 62: 400, 69: 400, 70: 400, 72: 400,
    6: 400, 26: 400, 27: 400, 131: 400, 191: 400, 456: 400,
    46: 404, 47: 404, 50: 404, 52: 404, 56: 404, 60: 404, 73: 404, 81: 404, 115: 404, 372: 404,
    117: 400, 158: 413, 229: 413, 396: 413, 241: 500, 48: 501, 159: 408, 192: 403, 193: 403, 194: 401, 516: 403,
    497: 403, 164: 403, 202: 503, 76: 503,
}  # fmt: skip


class ClickHouseError(Exception):
    """A refused or failed statement. `text` is what a ClickHouse server would write into the response."""

    def __init__(self, code: int, name: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.name, self.message = code, name, message
        self.status = status or _STATUS.get(code, 500)

    @property
    def text(self) -> str:
        return f"Code: {self.code}. DB::Exception: {self.message} ({self.name})"

    @classmethod
    def from_engine(cls, error: BaseException) -> ClickHouseError:
        """The engine raises text alone, sometimes wrapped several times: `Code: 73. DB::Exception: Code: 73. …`."""
        text = str(error)
        start = _PREFIX.search(text)
        if start is None:
            return cls(1002, "UNKNOWN_EXCEPTION", text or type(error).__name__)
        code, message = int(start[1]), text[start.end() :]
        while (again := _PREFIX.match(message)) is not None:
            message = message[again.end() :]
        name = "UNKNOWN_EXCEPTION"
        while (trailer := _TRAILER.search(message)) is not None:
            if (found := _NAME.search(trailer[0])) is not None:
                name = found[1]
            message = message[: trailer.start()]
        return cls(code, name, message)


class SyntaxRefused(ClickHouseError):
    """The front itself understood that the statement cannot run."""

    def __init__(self, message: str) -> None:
        super().__init__(62, "SYNTAX_ERROR", f"Syntax error: {message}")
