"""Prototype front, to be replaced: enough for clickhouse-connect and dbt-clickhouse."""

import argparse
import base64
import gzip
import os
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import chdb.session
import lz4.frame
import zstandard

KNOWN = {
    "query",
    "database",
    "session_id",
    "session_timeout",
    "query_id",
    "default_format",
    "user",
    "password",
    "compress",
    "decompress",
    "buffer_size",
    "wait_end_of_query",
    "session_check",
    "role",
    "quota_key",
    "http_headers_progress_interval_ms",
    "send_progress_in_http_headers",
    "enable_http_compression",
    "client_protocol_version",
    "cancel_http_readonly_queries_on_client_close",
}


def main() -> None:
    a = argparse.ArgumentParser()
    a.add_argument("--port", type=int)
    a.add_argument("--data")
    args = a.parse_args()
    password = os.environ["CLICKHOUSE_PASSWORD"]
    import chdb
    from chdb.state import sqlitelike as s

    root = s.connect(args.data)
    sessions: dict[str, object] = {}
    lock = threading.Lock()

    class H(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *a):
            pass

        def send(self, code, body, headers=()):
            self.send_response(code)
            for k, v in headers:
                self.send_header(k, v)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            if self.path.startswith("/ping"):
                return self.send(200, b"Ok.\n")
            self.do_POST()

        def do_POST(self):
            n = int(self.headers.get("Content-Length") or 0)
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                body = b""
                while size := int(self.rfile.readline().strip() or b"0", 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                body = self.rfile.read(n)
            enc = self.headers.get("Content-Encoding", "")
            if enc == "zstd":
                body = zstandard.ZstdDecompressor().stream_reader(body).read()
            elif enc == "lz4":
                body = lz4.frame.decompress(body)
            elif enc == "gzip":
                body = gzip.decompress(body)
            q = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            auth = self.headers.get("Authorization", "")
            given = q.get("password") or self.headers.get("X-ClickHouse-Key") or ""
            if auth.startswith("Basic "):
                given = base64.b64decode(auth[6:]).decode().split(":", 1)[1]
            if given != password:
                return self.send(
                    403, b"Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)"
                )
            sql = q.get("query", "")
            data = b""
            if sql and body:
                if re.match(r"\s*(/\*.*?\*/\s*)*INSERT\b", sql, re.I | re.S):
                    data = body
                else:
                    sql += "\n" + body.decode()
            elif body:
                m = re.match(rb"\s*(?:/\*.*?\*/\s*)*(INSERT\s[^\n]*?FORMAT\s+\w+)[ \t]*\n", body, re.I | re.S)
                if m:
                    sql, data = body[: m.end()].decode(), body[m.end() :]
                else:
                    sql = body.decode()
            sid = q.get("session_id")
            with lock:
                con = sessions.get(sid) if sid else None
                if con is None:
                    con = s.connect(args.data)
                    if sid:
                        sessions[sid] = con
            fmt = q.get("default_format") or self.headers.get("X-ClickHouse-Format") or "TabSeparated"
            settings = {k: v for k, v in q.items() if k not in KNOWN and not k.startswith("param_")}
            params = {k[6:]: v for k, v in q.items() if k.startswith("param_")}
            qid = q.get("query_id") or str(uuid.uuid4())
            head = [
                ("X-ClickHouse-Query-Id", qid),
                ("X-ClickHouse-Timezone", "UTC"),
                ("X-ClickHouse-Format", fmt),
                (
                    "X-ClickHouse-Summary",
                    '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0","total_rows_to_read":"0","result_rows":"0","result_bytes":"0"}',
                ),
            ]
            try:
                if q.get("database"):
                    con.query(f"USE `{q['database']}`")
                for k, v in settings.items():
                    con.query(f"SET {k} = '{v}'")
                sql = sql.strip().rstrip(";")
                if re.match(
                    r"(/\*.*?\*/\s*)*(CREATE|DROP|GRANT)\s+(USER|ROLE)|(/\*.*?\*/\s*)*SYSTEM FLUSH LOGS",
                    sql,
                    re.I | re.S,
                ):
                    return self.send(200, b"", head)
                m = re.search(r"\bFORMAT\s+(\w+)\s*$", sql, re.I)
                if data or (
                    re.match(r"(/\*.*?\*/\s*)*INSERT\b", sql, re.I | re.S)
                    and m
                    and not re.search(r"\bselect\b", sql, re.I)
                ):
                    ifmt = m.group(1) if m else "TabSeparated"
                    ins = con.send_insert(sql[: m.start()] if m else sql, ifmt)
                    ins.append(data)
                    ins.finish()
                    return self.send(200, b"", head)
                if m:
                    fmt, sql = m.group(1), sql[: m.start()]
                    head[2] = ("X-ClickHouse-Format", fmt)
                out = con.query(sql, fmt, params=params or None).bytes()
                return self.send(200, out, head)
            except Exception as e:
                code = (re.search(r"Code: (\d+)", str(e)) or [0, "1002"])[1]
                return self.send(500, str(e).encode(), [*head, ("X-ClickHouse-Exception-Code", code)])
            finally:
                if not sid:
                    con.close()

    _ = (root, chdb)
    ThreadingHTTPServer(("127.0.0.1", args.port), H).serve_forever()


main()
