"""Findings of looks at other processes, as Prometheus reads them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

EVERY_S = 10.0
KEPT_S = 60.0

Look = Callable[[], Awaitable[Sequence[Metric]]]


class Looks(Collector):
    """The latest finding about each subject. One that is a minute old is missing, rather than outdated."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[str, tuple[float, Sequence[Metric]]] = {}

    def put(self, subject: str, metrics: Sequence[Metric]) -> None:
        self._found[subject] = (self._clock(), metrics)

    async def keep(self, subject: str, look: Look, *, every_s: float = EVERY_S) -> None:
        """Look again and again until cancelled; raises what a look raises."""
        while True:
            self.put(subject, await look())
            await asyncio.sleep(every_s)

    def collect(self) -> Iterator[Metric]:
        oldest = self._clock() - KEPT_S
        for found_at, metrics in self._found.values():
            if found_at > oldest:
                yield from metrics


def gauge(name: str, help_: str, value: float | None) -> GaugeMetricFamily:
    """One number; without a sample where there is none."""
    family = GaugeMetricFamily(name, help_)
    if value is not None:
        family.add_metric([], value)
    return family


def gauges(name: str, help_: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    """A number for each value of a label."""
    family = GaugeMetricFamily(name, help_, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def counters(name: str, help_: str, label: str, values: Mapping[str, float]) -> CounterMetricFamily:
    """The same of numbers that only grow; Prometheus sees them as `<name>_total`."""
    family = CounterMetricFamily(name, help_, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
