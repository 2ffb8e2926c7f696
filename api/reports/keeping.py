"""Rows that several questions about one table ask for: worked out by who asks first, and kept while there is room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Final, TypeVar

import polars as pl

K = TypeVar("K", bound=Hashable)
MOST_BYTES: Final = 128_000_000
"""Of what is kept beside the table itself; what was asked for last stays, however large it is."""


class Kept:
    """Frames by what they are of. For many threads; one works a frame out, the others wait for the same."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._held: dict[Hashable, Future[pl.DataFrame]] = {}
        """The one that was asked for last stands last."""

    def all(self, keys: Sequence[K], make: Callable[[list[K]], list[pl.DataFrame]]) -> list[pl.DataFrame]:
        """Return the frames of these keys. make: works out those that are not there, in the order it is handed them.

        What `make` raises reaches all who wait for it, and is not kept.
        """
        found: dict[K, Future[pl.DataFrame]] = {}
        mine: list[K] = []
        with self._lock:
            for key in dict.fromkeys(keys):
                held = self._held.pop(key, None)
                if held is None:
                    held = Future()
                    mine.append(key)
                self._held[key] = found[key] = held
        if mine:
            # Own ones first: two who wait for each other's do not wait for ever.
            self._make(mine, found, make)
        return [found[key].result() for key in keys]

    def _make(
        self, keys: list[K], found: dict[K, Future[pl.DataFrame]], make: Callable[[list[K]], list[pl.DataFrame]]
    ) -> None:
        try:
            made = make(keys)
        except BaseException as error:
            with self._lock:
                for key in keys:
                    self._held.pop(key, None)
            for key in keys:
                found[key].set_exception(error)
            raise
        for key, rows in zip(keys, made, strict=True):
            found[key].set_result(rows)
        with self._lock:
            ready = {key: one.result().estimated_size() for key, one in self._held.items() if one.done()}
            size = sum(ready.values())
            for oldest in list(ready)[:-1]:
                if size <= self._most:
                    break
                del self._held[oldest]
                size -= ready[oldest]
