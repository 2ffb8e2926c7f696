"""Rows that several questions ask for are worked out once, within a bound, and never wrongly kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from api.reports.keeping import Kept


def _frame(rows: int) -> pl.DataFrame:
    return pl.DataFrame({"value": range(rows)}, schema={"value": pl.Int64})


def test_who_asks_at_the_same_time_waits_for_the_same_frame() -> None:
    kept, made, others = Kept(), list[str](), 4
    asked, go = threading.Semaphore(0), threading.Event()

    def make(keys: list[str]) -> list[pl.DataFrame]:
        made.extend(keys)
        asked.release()
        assert go.wait(30)
        return [_frame(3) for _ in keys]

    with ThreadPoolExecutor(1 + others) as pool:
        first = pool.submit(kept.all, ["response", "departure"], make)
        assert asked.acquire(timeout=30)
        later = [pool.submit(kept.all, ["departure"], make) for _ in range(others)]
        go.set()
        response, departure = first.result(30)
        assert all(one.result(30)[0] is departure for one in later)
    assert made == ["response", "departure"]
    assert kept.all(["response", "response"], make) == [response, response]
    assert made == ["response", "departure"]


def test_the_oldest_go_where_there_is_no_room_and_the_last_stays() -> None:
    kept, made = Kept(most_bytes=2_500), list[str]()

    def make(keys: list[str]) -> list[pl.DataFrame]:
        made.extend(keys)
        return [_frame(1_000 if key == "large" else 100) for key in keys]

    for key in ("a", "b", "c", "a", "d", "b"):
        kept.all([key], make)
    # Three of 800 bytes fit; "a" was asked for again before "d" came, so "b" went.
    assert made == ["a", "b", "c", "d", "b"]
    kept.all(["large"], make)
    kept.all(["large"], make)
    kept.all(["b"], make)
    assert made[5:] == ["large", "b"]


def test_what_failed_is_told_and_tried_again() -> None:
    kept = Kept()

    def fail(_: list[str]) -> list[pl.DataFrame]:
        raise MemoryError

    with pytest.raises(MemoryError):
        kept.all(["response"], fail)
    assert kept.all(["response"], lambda keys: [_frame(2) for _ in keys])[0].height == 2
