"""Which of very many hashes occur more than once, in bounded memory."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import numpy as np
import polars as pl

IN_MEMORY = 20_000_000  # hashes; 160 MB, and as much again to sort them
_PILES = 64  # on disk: hashes with the same first six bits meet in one pile


class Repeats:
    """Collects hashes; beyond `in_memory` of them in piles on disk, which are looked through one by one."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._hashes: list[np.ndarray] = []
        self._count = 0
        self._stack = ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> Repeats:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._stack.close()

    def add(self, hashes: pl.Series) -> None:
        self._hashes.append(hashes.to_numpy())
        self._count += len(hashes)
        if self._count > self._in_memory:
            self._to_disk()

    def found(self) -> pl.Series:
        """The hashes that were added more than once, each once."""
        if self._folder is None:
            return pl.Series(_repeated(self._hashes), dtype=pl.UInt64)
        self._to_disk()
        piles = sorted(self._folder.iterdir())
        return pl.Series(
            np.concatenate([_repeated([np.fromfile(pile, np.uint64)]) for pile in piles]), dtype=pl.UInt64
        )

    def _to_disk(self) -> None:
        if self._folder is None:
            self._folder = Path(
                self._stack.enter_context(tempfile.TemporaryDirectory(prefix="impact-backfill-"))
            )
        hashes = np.concatenate(self._hashes) if self._hashes else np.empty(0, np.uint64)
        hashes.sort()
        bounds = np.searchsorted(hashes >> np.uint64(58), np.arange(_PILES + 1))
        for pile in range(_PILES):
            with (self._folder / f"{pile:02}").open("ab") as file:
                hashes[bounds[pile] : bounds[pile + 1]].tofile(file)
        self._hashes, self._count = [], 0


def _repeated(parts: list[np.ndarray]) -> np.ndarray:
    hashes = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
