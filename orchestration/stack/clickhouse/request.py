"""What one HTTP request asks for: the arguments and headers of ClickHouse's HTTP interface."""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from orchestration.stack.clickhouse.errors import ClickHouseError

_NAME = re.compile(r"[A-Za-z_]\w*")
_ARGUMENTS = {
    "query", "database", "default_format", "user", "password", "quota_key", "query_id", "session_id",
    "session_timeout", "session_check", "close_session", "compress", "decompress", "buffer_size", "wait_end_of_query",
    "stacktrace", "role", "client_protocol_version",
}  # fmt: skip
# Settings of a server's own HTTP layer: the front acts on them or has no use for them.
_FRONT_SETTINGS = {
    "enable_http_compression", "send_progress_in_http_headers", "cancel_http_readonly_queries_on_client_close",
    "readonly",
}  # fmt: skip
_LONGEST_SESSION_S = 3600


@dataclass(frozen=True)
class Request:
    """The request without its body. `settings` and `parameters` hold for this statement alone."""

    method: str
    user: str
    password: str
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
    settings: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, method: str, query_string: bytes, raw_headers: list[tuple[bytes, bytes]]) -> Request:
        headers = {
            name.decode("latin-1").lower(): value.decode("utf-8", "replace") for name, value in raw_headers
        }
        arguments = dict(
            parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="surrogateescape")
        )
        flags = {name: value not in ("", "0", "false") for name, value in arguments.items()}
        if flags.get("compress") or flags.get("decompress"):
            raise ClickHouseError(
                48, "NOT_IMPLEMENTED",
                "compress and decompress (blocks of the native protocol) are not supported here;"
                " use Accept-Encoding and Content-Encoding with lz4, zstd, gzip or deflate",
            )  # fmt: skip
        user, password = _credentials(arguments, headers)
        return cls(
            method=method,
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
            must_have_session=flags.get("session_check", False),
            closes_session=flags.get("close_session", False),
            waits_for_end=flags.get("wait_end_of_query", False),
            is_read_only=method == "GET" or flags.get("readonly", False),
            is_cancelled_on_close=flags.get("cancel_http_readonly_queries_on_client_close", False),
            content_coding=headers.get("content-encoding", "").strip().lower(),
            accepted_codings=headers.get("accept-encoding", "")
            if flags.get("enable_http_compression")
            else "",
            content_type=headers.get("content-type", ""),
            settings={
                name: value
                for name, value in arguments.items()
                if name not in _ARGUMENTS
                and name not in _FRONT_SETTINGS
                and not name.startswith(("param_", "http_"))
                and _is_setting_name(name)
            },
            parameters={name[6:]: value for name, value in arguments.items() if name.startswith("param_")},
        )


def _is_setting_name(name: str) -> bool:
    if _NAME.fullmatch(name) is None:
        raise ClickHouseError(115, "UNKNOWN_SETTING", f"Unknown setting {name!r}")
    return True


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
                516,
                "AUTHENTICATION_FAILED",
                "Invalid authentication: only HTTP Basic is understood in Authorization",
            )
        return user, password
    user = headers.get("x-clickhouse-user") or arguments.get("user") or "default"
    return user, headers.get("x-clickhouse-key") or arguments.get("password") or ""


def _session_timeout(text: str | None) -> int:
    if text is None:
        return 60
    if not text.isascii() or not text.isdigit():
        raise ClickHouseError(
            374, "INVALID_SESSION_TIMEOUT", f"Invalid session timeout: {text!r}", status=400
        )
    if int(text) > _LONGEST_SESSION_S:
        raise ClickHouseError(
            374, "INVALID_SESSION_TIMEOUT",
            f"Session timeout '{text}' is larger than max_session_timeout: {_LONGEST_SESSION_S}", status=400,
        )  # fmt: skip
    return int(text)
