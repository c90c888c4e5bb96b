"""How to tell that a process serves: one probe per protocol, each short and without side effects."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

PROBE_TIMEOUT_S = 3.0
HEARTBEAT_TOLERANCE_S = 120
# Never through a proxy: every address is our own or one the operator named.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Probe(Protocol):
    def __call__(self) -> str | None:
        """None if healthy, else the reason in a few words, free of secrets."""


@dataclass(frozen=True)
class HttpProbe:
    """Healthy when a GET answers 200."""

    url: str

    def __call__(self) -> str | None:
        try:
            with _direct.open(self.url, timeout=PROBE_TIMEOUT_S):
                return None
        except urllib.error.HTTPError as error:
            with error:
                return f"answers {error.code} at {urlsplit(self.url).path}"
        except (OSError, ValueError) as error:
            return _reason(error)


@dataclass(frozen=True)
class PostgresProbe:
    """Healthy when a query answers, which is later than when the port opens."""

    url: str = field(repr=False)

    def __call__(self) -> str | None:
        import psycopg

        try:
            with psycopg.connect(self.url, connect_timeout=int(PROBE_TIMEOUT_S)) as connection:
                connection.execute("select 1")
            return None
        except psycopg.Error as error:
            # 'connection to server at "127.0.0.1", port 15432 failed: <reason>', then hints
            return str(error).strip().splitlines()[0].rpartition(" failed: ")[2].strip()[:160].lower()


@dataclass(frozen=True)
class NatsProbe:
    """Healthy when the server greets as NATS does. For a broker whose monitoring port is not ours."""

    url: str = field(repr=False)

    def __call__(self) -> str | None:
        address = urlsplit(self.url)
        try:
            with socket.create_connection(
                (address.hostname or "", address.port or 4222), PROBE_TIMEOUT_S
            ) as s:
                greeting = s.recv(5)
            return None if greeting == b"INFO " else "the port is open but does not speak NATS"
        except OSError as error:
            return _reason(error)


@dataclass(frozen=True)
class GrpcProbe:
    """Healthy when the gRPC health service says that `service` is serving."""

    address: str
    service: str

    def __call__(self) -> str | None:
        import grpc  # type: ignore[import-untyped]
        from grpc_health.v1 import health_pb2, health_pb2_grpc  # type: ignore[import-untyped]

        with grpc.insecure_channel(self.address, options=[("grpc.enable_http_proxy", 0)]) as channel:
            try:
                request = health_pb2.HealthCheckRequest(service=self.service)
                answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=PROBE_TIMEOUT_S)
            except grpc.RpcError as error:
                return str(error.code().name).lower()
        serving = answer.status == health_pb2.HealthCheckResponse.SERVING
        return None if serving else "loads its code"


@dataclass(frozen=True)
class DaemonProbe:
    """Healthy when Dagster's web interface sees a fresh heartbeat of every daemon it needs.

    Its own idea of fresh is half an hour; the heart beats every 30 seconds.
    """

    dagster_url: str

    def __call__(self) -> str | None:
        query = "{instance{daemonHealth{allDaemonStatuses{daemonType required lastHeartbeatTime}}}}"
        request = urllib.request.Request(  # noqa: S310
            f"{self.dagster_url}/graphql",
            data=json.dumps({"query": query}).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with _direct.open(request, timeout=PROBE_TIMEOUT_S) as response:
                statuses = json.load(response)["data"]["instance"]["daemonHealth"]["allDaemonStatuses"]
        except (OSError, ValueError, KeyError, TypeError):
            return "unknown: it is seen through dagster-webserver, which does not answer"
        oldest = time.time() - HEARTBEAT_TOLERANCE_S
        silent = [
            s["daemonType"].lower()
            for s in statuses
            if s["required"] and (s["lastHeartbeatTime"] or 0) < oldest
        ]
        return f"no heartbeat from {', '.join(silent)}" if silent else None


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return f"no answer within {PROBE_TIMEOUT_S:g} s"
    return str(getattr(cause, "strerror", None) or type(cause).__name__).lower()
