import multiprocessing
import threading
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from dispatch.kernel.clock import ManualClock, SystemClock
from dispatch.kernel.ids import new_id, time_ms_of

START = datetime(2026, 3, 1, tzinfo=UTC)


class SteppingClock:
    """A clock that may step back, as a machine's can."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive limits
def test_an_id_is_a_version_7_uuid_of_its_millisecond(moment: datetime) -> None:
    made = new_id(ManualClock(moment))
    assert (made.version, made.variant) == (7, RFC_4122)
    assert time_ms_of(made) == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(st.lists(st.integers(min_value=-5_000, max_value=5_000), min_size=2, max_size=60))
def test_ids_of_one_clock_only_grow_even_when_it_steps_back(steps_ms: list[int]) -> None:
    clock = SteppingClock()
    made = []
    for step_ms in steps_ms:
        clock.moment += timedelta(milliseconds=step_ms)
        made += [new_id(clock), new_id(clock)]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id() -> None:
    clock = SystemClock()
    made: list[list[UUID]] = [[] for _ in range(4)]
    threads = [
        threading.Thread(target=lambda box: box.extend(new_id(clock) for _ in range(2_000)), args=(box,))
        for box in made
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(box == sorted(box) for box in made)
    assert len({one for box in made for one in box}) == 8_000


def _ids_of_child(clock: ManualClock) -> list[UUID]:
    return [new_id(clock) for _ in range(100)]


def test_a_forked_child_does_not_repeat_its_parents_ids() -> None:
    clock = ManualClock(START)
    new_id(clock)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        children = pool.map(_ids_of_child, [clock, clock])
    everything = [one for box in children for one in box] + _ids_of_child(clock)
    assert len(set(everything)) == 300
