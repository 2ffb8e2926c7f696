"""A call's life does not depend on the order in which its events arrive."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

from factories.fleet import START
from hypothesis import given
from hypothesis import strategies as st

from dispatch.incidents.rules_calls import (
    Seen,
    answered_in_s,
    believed,
    earliest,
    life_of,
)
from dispatch.incidents.states import Source
from dispatch.incidents.states_calls import CallState, Signal


def seen(signal: Signal, after_s: int) -> Seen:
    return Seen(signal, START + timedelta(seconds=after_s), Source.EXCHANGE)


def at(after_s: int) -> object:
    return START + timedelta(seconds=after_s)


def test_a_whole_life_in_every_order() -> None:
    signals = [seen(Signal.RINGING, 0), seen(Signal.ANSWERED, 7), seen(Signal.DETAILS, 9), seen(Signal.ENDED, 95)]
    for order in permutations(signals):
        life = life_of(order)
        assert (life.state, life.oddities) == (CallState.ENDED, 0)
        assert (life.t0, life.t0_source) == (at(0), Source.EXCHANGE)
        assert (life.answered_at, life.ended_at, life.abandoned_at) == (at(7), at(95), None)


def test_an_end_without_an_answer_is_abandoned_until_the_answer_arrives() -> None:
    early = [seen(Signal.RINGING, 0), seen(Signal.ENDED, 30)]
    assert (life_of(early).state, life_of(early).abandoned_at) == (CallState.ABANDONED, at(30))
    whole = life_of([*early, seen(Signal.ANSWERED, 5)])
    assert (whole.state, whole.abandoned_at, whole.ended_at) == (CallState.ENDED, None, at(30))


def test_without_a_ringing_t0_is_inferred() -> None:
    life = life_of([seen(Signal.ANSWERED, 5), seen(Signal.ENDED, 9)])
    assert (life.t0, life.t0_source) == (at(5), Source.INFERRED)


def test_what_does_not_fit_is_counted() -> None:
    life = life_of([seen(Signal.RINGING, 0), seen(Signal.ABANDONED, 5), seen(Signal.ANSWERED, 8)])
    assert (life.state, life.oddities, life.answered_at) == (CallState.ABANDONED, 1, None)


def test_what_the_exchange_measures_goes_before_what_was_pressed() -> None:
    pressed = Seen(Signal.ANSWERED, START + timedelta(seconds=4), Source.MANUAL)
    rung = seen(Signal.RINGING, 0)
    life = life_of([rung, pressed])
    assert (life.state, life.answered_at, life.answered_source) == (CallState.ANSWERED, at(4), Source.MANUAL)
    life = life_of([rung, pressed, seen(Signal.ANSWERED, 6)])
    assert (life.answered_at, life.answered_source, life.oddities) == (at(6), Source.EXCHANGE, 0)


def test_only_what_the_exchange_measured_is_a_figure() -> None:
    answered = START + timedelta(seconds=7, milliseconds=900)
    assert answered_in_s(START, Source.EXCHANGE, answered, Source.EXCHANGE) == 7
    for t0_source, source in ((Source.MANUAL, Source.MANUAL), (Source.INFERRED, Source.EXCHANGE)):
        assert answered_in_s(START, t0_source, answered, source) is None
    assert answered_in_s(START, Source.EXCHANGE, None, None) is None


SIGNALS = st.lists(st.builds(seen, st.sampled_from(Signal), st.integers(0, 20)), min_size=1, max_size=8)


@given(SIGNALS, st.randoms(use_true_random=False))
def test_order_never_matters(signals: list[Seen], random: object) -> None:
    shuffled = list(signals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    life = life_of(signals)
    assert life_of(shuffled) == life
    # Told twice is told once.
    again = life_of([*signals, *shuffled])
    assert (again.state, again.t0, again.answered_at, again.ended_at) == (
        life.state,
        life.t0,
        life.answered_at,
        life.ended_at,
    )
    times = [time for time in (life.answered_at, life.abandoned_at, life.ended_at) if time is not None]
    assert times == sorted(times)
    assert (life.state is CallState.RINGING) == (not times)


def test_a_clock_that_runs_ahead_is_not_believed() -> None:
    assert believed(START + timedelta(minutes=10), START) == (START, Source.INFERRED)
    near = START + timedelta(seconds=50)
    assert believed(near, START) == (near, Source.EXCHANGE)
    past = START - timedelta(hours=3)
    assert believed(past, START) == (past, Source.EXCHANGE)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(Source)), min_size=1))
def test_t0_is_the_least(offsets: list[tuple[int, Source]]) -> None:
    times = [(START + timedelta(seconds=offset), source) for offset, source in offsets]
    found, source = earliest(*times)
    assert found == min(time for time, _ in times)
    assert (found, source) in times
