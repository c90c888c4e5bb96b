"""What one HTTP request asks for: the arguments and headers of ClickHouse's HTTP interface."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

from orchestration.stack.clickhouse.errors import ClickHouseError
from orchestration.stack.clickhouse.forms import ExternalTable, Form, is_form

_NAME = re.compile(r"[A-Za-z_]\w*")
# Arguments that are not settings of the statement. Some are settings of a server's own HTTP layer: the front
# acts on them or has no use for them.
_ARGUMENTS = {
    "query", "database", "default_format", "user", "password", "quota_key", "query_id", "session_id",
    "session_timeout", "session_check", "close_session", "compress", "decompress", "buffer_size",
    "stacktrace", "wait_end_of_query", "role", "client_protocol_version", "readonly",
    "enable_http_compression", "send_progress_in_http_headers",
    "cancel_http_readonly_queries_on_client_close",
}  # fmt: skip
_OF_EXTERNAL_TABLES = ("_format", "_structure", "_types")
_LONGEST_SESSION_S = 3600


@dataclass(frozen=True)
class Request:
    """The request without its body. `settings` and `parameters` hold for this statement alone."""

    user: str
    password: str = field(repr=False)
    query: bytes
    query_id: str
    database: str | None
    default_format: str
    session_id: str | None
    session_timeout_s: int
    must_have_session: bool
    closes_session: bool
    waits_for_end: bool
    is_read_only: bool
    is_cancelled_on_close: bool
    content_coding: str
    accepted_codings: str
    content_type: str
    arguments: dict[str, str] = field(repr=False)
    settings: dict[str, str]
    parameters: dict[str, str] = field(repr=False)
    external_tables: tuple[ExternalTable, ...] = ()

    @classmethod
    def read(cls, method: str, query_string: bytes, raw_headers: list[tuple[bytes, bytes]]) -> Request:
        headers = {
            name.decode("latin-1").lower(): value.decode("utf-8", "replace") for name, value in raw_headers
        }
        # A query in the URL may hold any bytes: surrogates carry those that are not UTF-8.
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
        arguments = dict(pairs)
        if _flag(arguments, "compress") or _flag(arguments, "decompress"):
            raise ClickHouseError(
                48, "NOT_IMPLEMENTED",
                "compress and decompress (blocks of the native protocol) are not supported;"
                " use Accept-Encoding and Content-Encoding with lz4, zstd, gzip or deflate",
            )  # fmt: skip
        user, password = _credentials(arguments, headers)
        content_type = headers.get("content-type", "")
        return cls(
            user=user,
            password=password,
            query=arguments.get("query", "").encode("utf-8", "surrogateescape"),
            query_id=arguments.get("query_id") or headers.get("x-clickhouse-query-id") or str(uuid.uuid4()),
            database=arguments.get("database") or headers.get("x-clickhouse-database") or None,
            default_format=arguments.get("default_format")
            or headers.get("x-clickhouse-format")
            or "TabSeparated",
            session_id=arguments.get("session_id") or None,
            session_timeout_s=_session_timeout(arguments.get("session_timeout")),
            must_have_session=_flag(arguments, "session_check"),
            closes_session=_flag(arguments, "close_session"),
            waits_for_end=_flag(arguments, "wait_end_of_query"),
            is_read_only=method == "GET" or _flag(arguments, "readonly"),
            is_cancelled_on_close=_flag(arguments, "cancel_http_readonly_queries_on_client_close"),
            content_coding=headers.get("content-encoding", "").strip().lower(),
            accepted_codings=_accepted_codings(arguments, headers),
            content_type=content_type,
            arguments=arguments,
            settings=_settings(arguments, is_form=is_form(content_type)),
            parameters=_parameters(arguments),
        )

    def with_form(self, form: Form) -> Request:
        """The request with what its multipart body adds."""
        return replace(
            self,
            query=self.query + form.fields.get("query", "").encode(),
            parameters=self.parameters | _parameters(form.fields),
            external_tables=tuple(
                ExternalTable.of(name, data, self.arguments) for name, data in form.files.items()
            ),
        )


def _flag(arguments: dict[str, str], name: str) -> bool:
    return arguments.get(name, "") not in ("", "0", "false")


def _settings(arguments: dict[str, str], *, is_form: bool) -> dict[str, str]:
    settings = {
        name: value
        for name, value in arguments.items()
        if name not in _ARGUMENTS
        and not name.startswith(("param_", "http_"))
        and not (is_form and name.endswith(_OF_EXTERNAL_TABLES))
    }
    for name in settings:
        if _NAME.fullmatch(name) is None:
            raise ClickHouseError(115, "UNKNOWN_SETTING", f"Unknown setting {name!r}")
    return settings


def _parameters(arguments: dict[str, str]) -> dict[str, str]:
    return {name[6:]: value for name, value in arguments.items() if name.startswith("param_")}


def _accepted_codings(arguments: dict[str, str], headers: dict[str, str]) -> str:
    # A server compresses only where the setting asks for it too: curl users would get bytes they cannot read.
    return headers.get("accept-encoding", "") if _flag(arguments, "enable_http_compression") else ""


def _credentials(arguments: dict[str, str], headers: dict[str, str]) -> tuple[str, str]:
    if authorization := headers.get("authorization"):
        scheme, _, token = authorization.partition(" ")
        try:
            decoded = base64.b64decode(token, validate=True).decode() if scheme.lower() == "basic" else ""
        except (binascii.Error, UnicodeDecodeError):
            decoded = ""
        user, colon, password = decoded.partition(":")
        if not colon:
            raise ClickHouseError(
                516, "AUTHENTICATION_FAILED", "only HTTP Basic authentication is understood in Authorization"
            )
        return user, password
    user = headers.get("x-clickhouse-user") or arguments.get("user") or "default"
    return user, headers.get("x-clickhouse-key") or arguments.get("password") or ""


def _session_timeout(text: str | None) -> int:
    if text is None:
        return 60
    if not (text.isascii() and text.isdigit()):
        raise ClickHouseError(374, "INVALID_SESSION_TIMEOUT", f"Invalid session timeout: {text!r}")
    if int(text) > _LONGEST_SESSION_S:
        raise ClickHouseError(
            374, "INVALID_SESSION_TIMEOUT",
            f"Session timeout '{text}' is larger than max_session_timeout: {_LONGEST_SESSION_S}",
        )  # fmt: skip
    return int(text)
