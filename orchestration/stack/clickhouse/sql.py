"""Just enough of ClickHouse's grammar to route a statement.

The engine parses SQL; the front only needs to know where the data of an INSERT begin, which FORMAT a SELECT names,
and whether the text is one statement. Works on bytes, since INSERT data need not be text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.stack.clickhouse.errors import ClickHouseError, SyntaxRefused

_TOKEN = re.compile(
    rb"""
      (?P<blank>   \s+ | --[^\n]* | \#[\ !][^\n]* | /\*.*?\*/ )
    | (?P<string>  '(?:[^'\\]++|\\.|'')*+' )
    | (?P<name>    `(?:[^`\\]++|\\.|``)*+` | "(?:[^"\\]++|\\.|"")*+" )
    | (?P<heredoc> \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
    | (?P<word>    [A-Za-z_]\w* )
    | (?P<number>  \d[\w.]* )
    | (?P<symbol>  . )
    """,
    re.DOTALL | re.VERBOSE,
)
_DATA_START = re.compile(rb"[ \t\f]*\r?\n?")

_READING = {"SELECT", "WITH", "FROM", "(", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK", "VALUES"}
_STREAMING = {"SELECT", "WITH", "FROM", "("}
_EXTRAS = (b"TOTALS", b"EXTREMES", b"OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS")
# Accepted without effect: the engine inside a process has one user, and keeps no log tables to flush.
_WITHOUT_EFFECT = [
    ("CREATE", "USER"), ("CREATE", "ROLE"), ("ALTER", "USER"), ("ALTER", "ROLE"), ("DROP", "USER"), ("DROP", "ROLE"),
    ("GRANT",), ("REVOKE",), ("SET", "ROLE"), ("SET", "DEFAULT", "ROLE"), ("SYSTEM", "FLUSH", "LOGS"),
]  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One statement, routed. `data_format` is set when the data of an INSERT follow at `data_offset`."""

    words: tuple[str, ...]
    sql: bytes
    output_format: str | None = None
    data_format: str | None = None
    data_offset: int = 0
    has_extras: bool = False
    """Whether the answer has parts beside its rows, so that it cannot be put together from blocks."""

    @property
    def verb(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def is_reading(self) -> bool:
        return self.verb in _READING

    @property
    def is_streamable(self) -> bool:
        return self.verb in _STREAMING

    @property
    def is_without_effect(self) -> bool:
        return any(self.words[: len(start)] == start for start in _WITHOUT_EFFECT)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: bytes
    start: int
    end: int

    def is_word(self, *words: bytes) -> bool:
        return self.kind == "word" and self.text.upper() in words


def _tokens(text: bytes) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("blank", "tag"):
            yield _Token(str(match.lastgroup), match[0], match.start(), match.end())
        elif match.lastgroup == "tag":
            yield _Token("heredoc", match[0], match.start(), match.end())


def is_insert(text: bytes) -> bool:
    """Whether the text begins an INSERT, whose data may still be on their way."""
    first = next(_tokens(text), None)
    return first is not None and first.is_word(b"INSERT")


def insert_head(text: bytes, *, is_complete: bool) -> Statement | None:
    """The INSERT up to its data, or None: more text is needed, or it is an INSERT that carries none (`INSERT … SELECT`)."""
    depth, previous, awaiting_format = 0, None, None
    for token in _tokens(text):
        if awaiting_format is not None:
            if token.end == len(text) and not is_complete:
                return None  # the name may go on in the next chunk
            data = _DATA_START.match(text, token.end)
            assert data is not None
            if data.end() == len(text) and not is_complete:
                return None  # the end of line may go on in the next chunk
            return Statement(
                ("INSERT",),
                text[: awaiting_format.start],
                None,
                token.text.decode("ascii", "replace"),
                data.end(),
            )
        if token.text in (b"(", b"["):
            depth += 1
        elif token.text in (b")", b"]"):
            depth -= 1
        elif depth == 0 and not (previous and (previous.is_word(b"INTO", b"TABLE") or previous.text == b".")):
            if token.is_word(b"FORMAT"):
                awaiting_format = token
            elif token.is_word(b"VALUES") and (token.end < len(text) or is_complete):
                return Statement(("INSERT",), text[: token.start], None, "Values", token.end)
            elif token.is_word(b"INFILE"):
                raise ClickHouseError(
                    48,
                    "NOT_IMPLEMENTED",
                    "FROM INFILE is for clickhouse-client only; send the data in the body",
                )
            elif token.is_word(b"SELECT", b"WITH"):
                return None
        previous = token
    return None


def statement(text: bytes) -> Statement:
    """Route a whole statement; refuses an empty one, several at once, and one that would write a file."""
    words: list[str] = []
    output_format, end, last_format, has_extras, previous = None, len(text), False, False, None
    for token in _tokens(text):
        if end < len(text):
            raise SyntaxRefused("multi-statements are not allowed: send one statement per request")
        if token.text == b";":
            end = token.start
            continue
        if len(words) < 3:
            words.append(token.text.decode("utf-8", "replace").upper())
        if last_format and token.kind in ("word", "name"):
            output_format = token.text.decode("ascii", "replace")
        last_format = token.is_word(b"FORMAT")
        if token.is_word(b"OUTFILE") and previous is not None and previous.is_word(b"INTO"):
            raise ClickHouseError(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")
        has_extras = has_extras or token.is_word(*_EXTRAS)
        previous = token
    if not words:
        raise SyntaxRefused("empty query")
    return Statement(tuple(words), text[:end].strip(), output_format, has_extras=has_extras)
