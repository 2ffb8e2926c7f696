"""The store on board: numbers, order of sending, what is given up when it is full, what a new log does."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from api.vehicle.store import Measured, Store
from dispatch.telemetry.rules_messages import Kept
from dispatch.telemetry.rules_ranges import Ranges
from dispatch.telemetry.states import Kind, Stream

NOW_US = 1_795_746_600_000_000
HOUR_US = 3_600_000_000
VITALS, ECG, IMAGE = Stream(Kind.VITALS, 1), Stream(Kind.ECG, 1), Stream(Kind.IMAGE, 1)


def never(_stream: Stream, _seq: int) -> bool:
    return False


def measured(stream: Stream, age_us: int = 0, size: int = 10) -> Measured:
    return Measured(stream, NOW_US - age_us, bytes(size))


def test_numbers_begin_at_one_and_survive_a_restart(tmp_path: Path) -> None:
    with Store(tmp_path / "log") as store:
        assert store.is_empty
        store.add([measured(VITALS), measured(ECG), measured(VITALS)])
        log = store.log
        store.forget(VITALS, Ranges([(1, 1)]))
    with Store(tmp_path / "log") as store:
        assert store.log == log
        assert store.kept() == {VITALS: Kept(2, 3), ECG: Kept(1, 2)}
        store.forget(VITALS, Ranges([(1, 2)]))
        store.add([measured(VITALS)])
        assert store.kept()[VITALS] == Kept(3, 4)
        store.forget(VITALS, Ranges([(1, 3)]))
        store.forget(ECG, Ranges([(1, 9)]))
        assert store.is_empty


def test_what_is_live_goes_first_then_what_is_needed_soonest(tmp_path: Path) -> None:
    with Store(tmp_path / "log") as store:
        store.add([measured(ECG, HOUR_US), measured(IMAGE, HOUR_US), measured(VITALS, HOUR_US)])
        store.add([measured(IMAGE), measured(ECG), measured(VITALS)])
        order = [(one.stream, one.seq) for one in store.next_frames(NOW_US, never, most=9)]
        assert order == [(VITALS, 2), (ECG, 2), (IMAGE, 2), (VITALS, 1), (IMAGE, 1), (ECG, 1)]
        assert [one.seq for one in store.next_frames(NOW_US, never, most=2)] == [2, 2]
        on_the_way = {(VITALS, 2), (VITALS, 1)}
        left = store.next_frames(NOW_US, lambda stream, seq: (stream, seq) in on_the_way, most=9)
        assert [(one.stream, one.seq) for one in left] == [(ECG, 2), (IMAGE, 2), (IMAGE, 1), (ECG, 1)]


def test_a_full_disk_gives_up_the_oldest_of_what_is_needed_least_and_says_so(tmp_path: Path) -> None:
    with Store(tmp_path / "log", most_bytes=60_000) as store:
        store.add([measured(VITALS, HOUR_US, 1_000)])
        given_up = []
        for number in range(40):
            given_up += store.add([measured(ECG, HOUR_US - number * 1_000_000, 2_000)])
        assert given_up
        assert {stream for stream, _ in given_up} == {ECG}
        lost = Ranges(span for _, span in given_up)
        assert lost.upto > 0
        assert store.never_to_come(ECG, Ranges()) == lost.spans
        assert store.never_to_come(ECG, Ranges([(1, lost.upto)])) == []
        assert store.kept()[VITALS] == Kept(1, 2)
        assert store.never_to_come(IMAGE, Ranges()) == []


def test_a_new_log_numbers_anew_what_waits(tmp_path: Path) -> None:
    with Store(tmp_path / "log") as store:
        store.add([measured(VITALS, number) for number in (5, 4, 3, 2)])
        store.forget(VITALS, Ranges([(1, 2)]))
        log = store.log
        store.begin_new_log()
        assert store.log != log
        assert store.kept() == {VITALS: Kept(1, 3)}
        assert [one.device_us for one in store.next_frames(NOW_US, never, most=9)] == [NOW_US - 3, NOW_US - 2]


def test_what_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    with Store(tmp_path / "log") as store:
        with pytest.raises(sqlite3.Error):
            store.add([measured(VITALS), Measured(VITALS, NOW_US, object())])  # type: ignore[arg-type]  # on purpose
        assert store.kept() == {}
