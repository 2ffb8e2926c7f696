"""One look at a stretch of an ECG, compiled: it is done at some thousand stretches a second."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

MISSING: Final = -32_768
END_OF_RANGE: Final = 32_700
"""Of int16: an amplifier that lies here sees nothing."""
SINCE, BAD, GOOD, LOW, HIGH, FILLED, FLATS, OFF = range(8)
"""Columns of what is known of each lead.

SINCE: since where it is on; BAD, GOOD: samples in a row; LOW, HIGH, FILLED: of the
stretch looked at for stillness; FLATS: still ones in a row; OFF: 1 not measured or at the end of its range, 2 still.
"""
COLUMNS: Final = 8
_LEAST: Final = -40_000
_MOST: Final = 40_000


@njit(cache=True, nogil=True, inline="always")
def _take(state: NDArray[np.int64], value: int, is_bad: bool, flat_units: float, flat_length: int) -> None:
    """Take a sample of a lead: is it measured, and does the lead move."""
    if is_bad:
        state[BAD] += 1
        state[GOOD] = 0
    else:
        state[GOOD] += 1
        state[BAD] = 0
        state[LOW] = min(state[LOW], value)
        state[HIGH] = max(state[HIGH], value)
    state[FILLED] += 1
    if state[FILLED] >= flat_length:
        still = state[HIGH] >= state[LOW] and state[HIGH] - state[LOW] <= flat_units
        state[FLATS] = state[FLATS] + 1 if still else 0
        state[LOW], state[HIGH], state[FILLED] = _MOST, _LEAST, 0


@njit(cache=True, nogil=True, inline="always")
def _turn(state: NDArray[np.int64], at: int, off_after: int) -> None:
    """Tell whether a lead is off after a sample."""
    now_off = state[OFF]
    if state[BAD] >= off_after:
        now_off = 1
    elif state[FLATS] >= 2:
        now_off = 2
    elif state[OFF] == 2 or (state[OFF] == 1 and state[GOOD] >= off_after):
        now_off = 0
    if state[OFF] != 0 and now_off == 0:
        state[SINCE] = at
    state[OFF] = now_off


@njit(cache=True, nogil=True, inline="always")
def _take_sound(state: NDArray[np.int64], row: NDArray[np.int16], first: int, flat_units: float, length: int) -> None:
    """Take at most `length` samples of a lead that is on and moved before, none of them bad, as `_take` one by one."""
    place, count = first, len(row)
    state[GOOD] += count - first
    while place < count:
        upto = min(count, place + length - state[FILLED])
        low, high = state[LOW], state[HIGH]
        for here in range(place, upto):
            value = int(row[here])
            low, high = min(low, value), max(high, value)
        state[LOW], state[HIGH] = low, high
        state[FILLED] += upto - place
        place = upto
        if state[FILLED] >= length:
            state[FLATS] = state[FLATS] + 1 if high - low <= flat_units else 0
            state[LOW], state[HIGH], state[FILLED] = _MOST, _LEAST, 0


@njit(cache=True, nogil=True)
def _last_edge(row: NDArray[np.int16], after: int, step: int, edge: float) -> int:
    """Where the last sample is, beyond place `after`, whose two stretches before it differ; -1: nowhere."""
    place = len(row) - 1
    if place < 2 * step - 1 or place <= after:
        return -1
    newer = older = 0
    for back in range(step):
        newer += int(row[place - back])
        older += int(row[place - step - back])
    while True:
        if abs(newer - older) >= edge:
            return place
        place -= 1
        if place < 2 * step - 1 or place <= after:
            return -1
        middle = int(row[place - step + 1])
        newer += middle - int(row[place + 1])
        older += int(row[place - 2 * step + 1]) - middle


@njit(cache=True, nogil=True, inline="always")
def _is_sound(state: NDArray[np.int64], row: NDArray[np.int16]) -> bool:
    """Whether a lead was on and well, and no sample of these is bad."""
    bad = 0
    for here in range(len(row)):
        value = int(row[here])
        bad += (value >= END_OF_RANGE) | (value <= -END_OF_RANGE)
    return bad == 0 and state[OFF] == 0 and state[BAD] == 0


@njit(cache=True, nogil=True)
def _go_through(
    row: NDArray[np.int16],
    first: int,
    begin: int,
    step: int,
    edge: float,
    off_after: int,
    flat_units: float,
    flat_length: int,
    state: NDArray[np.int64],
) -> int:
    """Take the samples of a lead from `first` on, whatever they are; the place of its last beat, -1: none."""
    bad_at = beat_at = -1
    older = newer = 0
    for place in range(len(row)):
        value = int(row[place])
        is_bad = value >= END_OF_RANGE or value <= -END_OF_RANGE  # abs() of -32768 is none in int16
        if is_bad:
            bad_at = place
        # Sums of the last two stretches of `step` samples.
        newer += value
        if place >= step:
            newer -= int(row[place - step])
            older += int(row[place - step])
        if place >= 2 * step:
            older -= int(row[place - 2 * step])
        if place >= first:
            _take(state, value, is_bad, flat_units, flat_length)
            _turn(state, begin + place - first, off_after)
            # What comes of an electrode that is put on is no beat.
            is_whole = place >= 2 * step - 1 and place - bad_at >= 2 * step
            if is_whole and state[OFF] == 0 and abs(newer - older) >= edge:
                beat_at = place
    return beat_at


@njit(cache=True, nogil=True)
def look(
    samples: NDArray[np.int16],
    fresh: int,
    begin: int,
    step: int,
    edge: float,
    off_after: int,
    flat_units: float,
    flat_length: int,
    known: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Go through the last `fresh` samples of leads x samples, the first of which is number `begin`.

    Before them stand up to 2 x step - 1 that were seen already. edge: in units x step. The last row of `known` begins
    with the number of the sample of the last beat. Return for how many samples no lead that is on has shown a beat, as
    far as one of them was on (-1: none is), how many leads are off, and how many of these only by being still.
    """
    leads, count = samples.shape
    first = count - fresh
    beat = known[leads, 0]
    for lead in range(leads):
        row, state = samples[lead], known[lead]
        if fresh <= flat_length and state[FLATS] == 0 and _is_sound(state, row):
            # Only the newest beat of all leads counts: what lies before it is not looked for again.
            found = _last_edge(row, max(first - 1, beat - begin + first), step, edge)
            _take_sound(state, row, first, flat_units, flat_length)
        else:
            found = _go_through(row, first, begin, step, edge, off_after, flat_units, flat_length, state)
        if found >= 0:
            beat = max(beat, begin + found - first)
    known[leads, 0] = beat
    end = begin + fresh
    seen = -1
    off = still = 0
    for lead in range(leads):
        off += known[lead, OFF] != 0
        still += known[lead, OFF] == 2
        if known[lead, OFF] == 0:
            seen = max(seen, end - known[lead, SINCE])
    return min(end - beat, seen), off, still


def unknown(leads: int, at: int) -> NDArray[np.int64]:
    """What is known before anything was seen; `at`: the number of the first sample. See `look` for the last row."""
    known = np.zeros((leads + 1, COLUMNS), dtype=np.int64)
    known[:, SINCE] = at
    known[:, LOW], known[:, HIGH] = _MOST, _LEAST
    return known
