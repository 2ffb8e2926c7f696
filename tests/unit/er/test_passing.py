"""The queue of one screen: bounded, and honest about what it dropped."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.er.passing import HEAD, Passing, Queue
from dispatch.telemetry.states import Kind


def frame(at_us: int, size: int = 10) -> Passing:
    return Passing(Kind.ECG, 1, at_us + 1, at_us, at_us + 5, sure=True, payload=bytes(size))


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 400)), max_size=80))
def test_it_never_holds_more_and_tells_the_time_of_all_that_it_dropped(sent: list[tuple[int, int]]) -> None:
    queue = Queue(most_frames=8, most_bytes=1_000)
    for at_us, size in sent:
        queue.put(frame(at_us, size))
        assert len(queue) <= 8
    waiting, skipped = queue.take()
    assert sum(len(one.payload) for one in waiting) <= 1_000
    gone = [at_us for at_us, _ in sent[: len(sent) - len(waiting)]]
    assert skipped == ((min(gone), max(gone)) if gone else None)
    assert [one.at_us for one in waiting] == [at_us for at_us, _ in sent[len(gone) :]]
    assert queue.take() == ([], None)


def test_a_frame_is_told_with_its_head_before_its_payload() -> None:
    told = Passing(Kind.WAVES, 2, 9, 1_795_746_600_000_000, 1_795_746_600_400_000, sure=False, payload=b"xyz").told()
    assert HEAD.size == 32
    assert HEAD.unpack_from(told) == (1, 4, 2, 0, 3, 9, 1_795_746_600_000_000, 1_795_746_600_400_000)
    assert told[HEAD.size :] == b"xyz"
