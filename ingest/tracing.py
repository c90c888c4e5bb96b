"""Traces: one webhook from the receiver to the warehouse, and the refresh that takes it into the marts.

Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set. Off, nothing of OpenTelemetry is imported: callers ask
`is_on()` and do nothing else. A sender's `traceparent` travels with its event all the same, as CloudEvents'
extension of that name, so that whoever follows the event can go on with it.

Spans say ids, counts and kinds; never people, and nothing of a body.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import structlog

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanContext, Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
HEADER = "traceparent"
MOST_LINKS = 32

_FORM = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
Attributes = Mapping[str, str | int]

log = structlog.get_logger(__name__)
_tracer: Tracer | None = None
_provider: TracerProvider | None = None


def configure(process: str) -> None:
    """Call once, in the entry point: trace if an endpoint is set; OpenTelemetry's variables say how."""
    global _tracer, _provider
    if not os.environ.get(ENDPOINT):
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    # Whatever `OTEL_SERVICE_NAME` says of all of them: a hop without its process' name tells nothing.
    resource = Resource.create({"service.namespace": "impact-platform"}).merge(
        Resource({"service.name": f"impact-{process}"})
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _provider, _tracer = provider, provider.get_tracer("impact")
    log.info("traces are sent", process=process)


def is_on() -> bool:
    return _tracer is not None


def flush() -> None:
    """Send what is recorded; a process that ends by itself does so at its exit."""
    if _provider is not None:
        _provider.force_flush(5_000)


def read_traceparent(value: str | bytes | None) -> str | None:
    """A sender's header if it has the form of version 00; None for any other."""
    if value is None:
        return None
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text if _FORM.fullmatch(text) else None


def of_run(run_id: str) -> str:
    """The trace of one of Dagster's runs: its id is the run's, so that who knows one finds the other."""
    digits = run_id.replace("-", "")
    return f"00-{digits}-{digits[16:]}-01"


class Hop:
    """A span under way, begun by hand because batches have hundreds at once."""

    def __init__(self, span: Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str | None:
        """What to hand on; None if this trace is not recorded, so that nothing is handed on for nothing."""
        context = self._span.get_span_context()
        if not (context.is_valid and context.trace_flags.sampled):
            return None
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-01"

    @contextmanager
    def current(self) -> Iterator[None]:
        """Have log lines of the block name this span."""
        from opentelemetry.trace import use_span

        with use_span(self._span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
            yield

    def note(self, **attributes: str | int) -> None:
        for name, value in attributes.items():
            self._span.set_attribute(f"impact.{name}", value)

    def end(self, problem: str | None = None, **attributes: str | int) -> None:
        self.note(**attributes)
        if problem is not None:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR, problem))
        self._span.end()


def begin(
    name: str,
    parent: str | None,
    *,
    began_ns: int | None = None,
    links: Iterable[str] = (),
    **attributes: str | int,
) -> Hop:
    """Begin a span below `parent`, a `traceparent`; of a trace of its own without one. Only if `is_on()`."""
    from opentelemetry.trace import Link, SpanKind

    assert _tracer is not None, "is_on() was not asked"  # noqa: S101
    kind = SpanKind.SERVER if parent is None or name.startswith(("POST ", "GET ")) else SpanKind.CONSUMER
    span = _tracer.start_span(
        name,
        _context(parent),
        kind=kind,
        start_time=began_ns,
        links=[Link(_span_context(one)) for one in list(links)[:MOST_LINKS]],
        attributes={f"impact.{key}": value for key, value in attributes.items()},
    )
    return Hop(span)


@contextmanager
def spans(name: str, parents: Sequence[str | None]) -> Iterator[list[str | None]]:
    """A span below each parent that is traced, for as long as the block; what to hand on, in their order."""
    hops = [begin(name, parent) if parent is not None else None for parent in parents]
    problem = "failed"
    try:
        yield [hop.traceparent if hop else None for hop in hops]
        problem = ""
    finally:
        for hop in hops:
            if hop is not None:
                hop.end(problem or None)


def record(name: str, events: Iterable[bytes], began_ns: int) -> list[str]:
    """Record that this step was done for each of the events that is traced; their traces, to link to."""
    recorded = []
    for event in events:
        if (parent := _of_event(event)) is not None:
            hop = begin(name, parent, began_ns=began_ns)
            if (traceparent := hop.traceparent) is not None:
                recorded.append(traceparent)
            hop.end()
    return recorded


def now_ns() -> int:
    return time.time_ns()


def ids_of_current() -> dict[str, str]:
    """For a log line: the ids of the span that this code runs in, if there is one."""
    if _tracer is None:
        return {}
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def ids_of(traceparent: str | None) -> dict[str, str]:
    """For a log line about something that has its own trace."""
    if (known := read_traceparent(traceparent)) is None:
        return {}
    _, trace_id, span_id, _ = known.split("-")
    return {"trace_id": trace_id, "span_id": span_id}


class _Traced(msgspec.Struct):
    traceparent: str | None = None


_TRACED = msgspec.json.Decoder(_Traced)


def _of_event(event: bytes) -> str | None:
    try:
        return read_traceparent(_TRACED.decode(event).traceparent)
    except msgspec.DecodeError:
        return None


def _context(parent: str | None) -> Context:
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    if parent is None:
        return Context()  # and not whatever happens to be current
    return set_span_in_context(NonRecordingSpan(_span_context(parent)), Context())


def _span_context(traceparent: str) -> SpanContext:
    from opentelemetry.trace import SpanContext, TraceFlags

    _, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(
        int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )
