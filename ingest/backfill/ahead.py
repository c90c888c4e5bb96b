"""Works ahead of a slow consumer, in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, nullcontext
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T], *, depth: int) -> Generator[T]:
    """The same items, made in another thread, at most `depth` of them waiting; an error arrives in its place.

    Close it, at the end or on the way: the thread then stops at the item it is making, and closes `items`
    where they are made ahead of it in turn.
    """
    made: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(depth)
    stopped = threading.Event()

    def put(what: tuple[T] | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                made.put(what, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            with closing(items) if isinstance(items, Generator) else nullcontext():
                for item in items:
                    if not put((item,)):
                        return
            put(None)
        except BaseException as error:  # raised again where it is waited for
            put(error)

    thread = threading.Thread(target=work, name="backfill-ahead", daemon=True)
    thread.start()
    try:
        while (found := made.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found[0]
    finally:
        stopped.set()
        thread.join()
