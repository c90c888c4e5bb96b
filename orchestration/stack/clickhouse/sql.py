"""Just enough of ClickHouse's grammar to route a statement.

The engine parses SQL; the front needs to know where the data of an INSERT begin, which FORMAT a SELECT names,
and whether the text is one statement. Works on bytes, since INSERT data need not be text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.stack.clickhouse.errors import ClickHouseError, syntax_error

_BLANK = rb"\s++ | --[^\n]*+ | \#[\ !][^\n]*+ | /\*.*?\*/"
_STRING = rb"'(?:[^'\\]++|\\.|'')*+'"
_NAME = rb"""`(?:[^`\\]++|\\.|``)*+` | "(?:[^"\\]++|\\.|"")*+\""""
_HEREDOC = rb"\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"
_WORD = rb"[A-Za-z_]\w*+"
_NUMBER = rb"\d[\w.]*+"
_TOKEN = re.compile(
    rb"(?P<blank>%b) | (?P<string>%b) | (?P<name>%b) | (?P<heredoc>%b) | (?P<word>%b) | (?P<number>%b)"
    rb" | (?P<symbol>.)" % (_BLANK, _STRING, _NAME, _HEREDOC, _WORD, _NUMBER),
    re.DOTALL | re.VERBOSE,
)
# What a whole statement is searched for. A long one has thousands of other tokens, which pass by in one step.
_TELLING = (
    rb"(?i:FORMAT|INTO|INPUT|TOTALS|EXTREMES|OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS"
    rb"|OUTPUT_FORMAT_ARROW_LOW_CARDINALITY_AS_DICTIONARY)(?!\w)"
)
_DULL = re.compile(
    rb"(?: %b | %b | %b | %b | (?!%b)%b | %b | [^A-Za-z_;] )*+"
    % (_BLANK, _STRING, _NAME, _HEREDOC, _TELLING, _WORD, _NUMBER),
    re.DOTALL | re.VERBOSE,
)
_DATA_START = re.compile(rb"[ \t\f]*\r?\n?")
_KILL_TARGET = re.compile(r"\bquery_id\s*=\s*'([^'\\]*)'", re.IGNORECASE)

_READING = {
    "SELECT", "WITH", "FROM", "(", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK", "SET", "USE",
}  # fmt: skip
_DEFINING = {"CREATE", "ALTER", "ATTACH", "REPLACE"}
# What an ALTER makes room by changes no definition.
_DROPPING = re.compile(rb"\bDROP\s+(DETACHED\s+)?(PART|PARTITION)\s", re.IGNORECASE)
_STREAMING = {"SELECT", "WITH", "FROM", "("}
# Accepted without effect: the embedded engine has one user, and keeps no log tables to flush.
_WITHOUT_EFFECT = [
    ("CREATE", "USER"), ("ALTER", "USER"), ("DROP", "USER"),
    ("CREATE", "ROLE"), ("ALTER", "ROLE"), ("DROP", "ROLE"), ("SET", "ROLE"), ("SET", "DEFAULT", "ROLE"),
    ("GRANT",), ("REVOKE",), ("SYSTEM", "FLUSH", "LOGS"),
]  # fmt: skip

UNCHUNKED = (
    "TOTALS",
    "EXTREMES",
    "OUTPUT_FORMAT_JSON_ARRAY_OF_ROWS",
    "OUTPUT_FORMAT_ARROW_LOW_CARDINALITY_AS_DICTIONARY",
)
"""Clauses and settings that give a result parts beside its rows, so that its blocks cannot be joined."""


@dataclass(frozen=True)
class Statement:
    """One statement, routed. `data_format` is set when the data of an INSERT follow at `data_offset`."""

    words: tuple[str, ...]
    text: bytes
    output_format: str | None = None
    data_format: str | None = None
    data_offset: int = 0
    is_unchunked: bool = False

    @property
    def verb(self) -> str:
        return self.words[0]

    @property
    def is_reading(self) -> bool:
        return self.verb in _READING

    @property
    def is_streamable(self) -> bool:
        return self.verb in _STREAMING and not self.is_unchunked

    @property
    def is_defining(self) -> bool:
        """Whether it may write the definition of a table or view to disk."""
        if self.words[:2] == ("CREATE", "TEMPORARY"):
            return False
        return self.verb in _DEFINING and not (self.verb == "ALTER" and _DROPPING.search(self.text))

    @property
    def is_without_effect(self) -> bool:
        return any(self.words[: len(start)] == start for start in _WITHOUT_EFFECT)

    def sql(self) -> str:
        try:
            return self.text.decode()
        except UnicodeDecodeError as error:
            raise syntax_error(f"the statement is not UTF-8 at byte {error.start}") from None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: bytes
    start: int
    end: int

    def is_word(self, *words: bytes) -> bool:
        return self.kind == "word" and self.text.upper() in words


def _tokens(text: bytes, start: int = 0) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text, start):
        if (kind := match.lastgroup or "heredoc") != "blank":
            yield _Token(kind, match[0], match.start(), match.end())


def is_insert(text: bytes) -> bool:
    """Whether the text begins an INSERT, whose data may still be on their way."""
    first = next(_tokens(text), None)
    return first is not None and first.is_word(b"INSERT")


def insert_head(text: bytes, *, is_complete: bool) -> Statement | None:
    """The INSERT up to its data. None: the text is too short to tell, or none follow (`INSERT … SELECT`)."""
    depth, previous, format_clause = 0, None, None
    for token in _tokens(text):
        if format_clause is not None:
            data = _DATA_START.match(text, token.end)
            offset = data.end() if data is not None else token.end
            if offset == len(text) and not is_complete:
                return None  # the name, or the end of its line, may go on in the next chunk
            name = _name(token)
            return Statement(("INSERT",), text[: format_clause.start], data_format=name, data_offset=offset)
        if token.text in (b"(", b"["):
            depth += 1
        elif token.text in (b")", b"]"):
            depth -= 1
        elif depth == 0 and not _names_a_table(previous):
            if token.is_word(b"FORMAT"):
                format_clause = token
            elif token.is_word(b"VALUES") and (token.end < len(text) or is_complete):
                head = text[: token.start]
                return Statement(("INSERT",), head, data_format="Values", data_offset=token.end)
            elif token.is_word(b"SELECT", b"WITH"):
                return None
            elif token.is_word(b"INFILE"):
                raise ClickHouseError(
                    48, "NOT_IMPLEMENTED", "FROM INFILE is not supported: send the data in the body"
                )
        previous = token
    return None


def _name(token: _Token) -> str:
    return token.text.strip(b'`"').decode("ascii", "replace")


def _names_a_table(previous: _Token | None) -> bool:
    return previous is not None and (previous.is_word(b"INTO", b"TABLE") or previous.text == b".")


def statement(text: bytes) -> Statement:
    """Route a whole statement; refuses an empty one, several at once, and one that would write a file."""
    words = tuple(
        token.text.decode("utf-8", "replace").upper()
        for token in itertools.islice(itertools.takewhile(lambda one: one.text != b";", _tokens(text)), 3)
    )
    output_format, end, is_unchunked = None, len(text), False
    for token, following in _telling(text):
        if token.text == b";":
            if following is not None and following.text != b";":
                raise syntax_error("multi-statements are not allowed: send one statement per request")
            end = min(end, token.start)
        elif token.text.decode().upper() in UNCHUNKED:
            is_unchunked = True
        elif following is None:
            continue
        elif token.is_word(b"FORMAT") and following.kind in ("word", "name"):
            output_format = _name(following)
        elif token.is_word(b"INTO") and following.is_word(b"OUTFILE"):
            raise ClickHouseError(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed")
        elif token.is_word(b"INPUT") and following.text == b"(" and words[:1] == ("INSERT",):
            raise ClickHouseError(
                48,
                "NOT_IMPLEMENTED",
                "input() is not supported: insert into a temporary table and select from it",
            )
    if not words:
        raise syntax_error("empty query")
    return Statement(words, text[:end].strip(), output_format, is_unchunked=is_unchunked)


def _telling(text: bytes) -> Iterator[tuple[_Token, _Token | None]]:
    """Each `;` and each word of `_TELLING`, with the token that follows it."""
    at = 0
    while (match := _DULL.match(text, at)) is not None and (at := match.end()) < len(text):
        tokens = _tokens(text, at)
        token = next(tokens)
        yield token, next(tokens, None)
        at = token.end


def quoted(text: str, quote: str = "'") -> str:
    """A string literal, or with a backtick an identifier."""
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def kill_by_query_id(sql: str, tags: dict[str, str]) -> str:
    """Aim `KILL QUERY WHERE query_id = '…'` at the engine, which gives queries ids of its own.

    `tags` holds, for each running query id, the log_comment its connection carries.
    """

    def condition(match: re.Match[str]) -> str:
        tag = tags.get(match[1])
        return match[0] if tag is None else f"Settings['log_comment'] = {quoted(tag)}"

    return _KILL_TARGET.sub(condition, sql)
