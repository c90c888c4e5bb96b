"""Latencies in buckets of less than one percent, as HdrHistogram keeps them: any number, in one small list.

Whole microseconds. Below 256 µs every value has a bucket of its own, above that each power of two has 128. So
two histograms add up to that of both, which quantiles never do, and a report can hold the whole distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_BITS = 7
_EXACT = 1 << (_BITS + 1)
LARGEST_US = (1 << 36) - 1  # 19 hours: later than that counts as that


class Histogram:
    """Counts of latencies. A negative one, between two clocks that differ, counts as zero."""

    def __init__(self, counts: Mapping[int, int] | None = None) -> None:
        self.counts: dict[int, int] = dict(counts or {})

    def add(self, seconds: float) -> None:
        us = min(max(int(seconds * 1e6), 0), LARGEST_US)
        shift = max(us.bit_length() - _BITS - 1, 0)
        bucket = (shift << _BITS) + (us >> shift)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1

    def merge(self, other: Histogram) -> None:
        for bucket, count in other.counts.items():
            self.counts[bucket] = self.counts.get(bucket, 0) + count

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def ms(self, share: float) -> float:
        """The latency that `share` of all do not exceed, in milliseconds; the bucket's upper end."""
        if not self.counts:
            raise ValueError("a histogram of nothing has no quantiles")
        wanted, seen = share * self.total, 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= wanted:
                break
        return _upper_us(bucket) / 1000

    def summary(self) -> dict[str, float]:
        """The quantiles that reports show, in milliseconds; empty for a histogram of nothing."""
        shares = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1.0}
        return {name: round(self.ms(share), 3) for name, share in shares.items()} if self.counts else {}

    def to_json(self) -> dict[str, int]:
        return {str(bucket): self.counts[bucket] for bucket in sorted(self.counts)}

    @classmethod
    def from_json(cls, counts: Mapping[str, int]) -> Histogram:
        return cls({int(bucket): count for bucket, count in counts.items()})

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Histogram:
        histogram = cls()
        for one in seconds:
            histogram.add(one)
        return histogram

    def curve(self) -> list[tuple[float, float]]:
        """Share of all values, and the milliseconds they do not exceed: what a plot of the tail draws."""
        points, seen, total = [], 0, self.total
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            points.append((seen / total, _upper_us(bucket) / 1000))
        return points


def _upper_us(bucket: int) -> int:
    if bucket < _EXACT:
        return bucket
    shift = (bucket >> _BITS) - 1
    return ((bucket - (shift << _BITS) + 1) << shift) - 1
