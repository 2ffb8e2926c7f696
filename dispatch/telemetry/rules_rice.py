"""Samples as Rice codes: what each differs from its guess, in as many bits as it needs. Pure, compiled.

A lead begins with a bit, 1 where it follows from I and II (one that was off does not), and four bits: its parameter k,
or 15 where nothing differs from its guesses, then nothing follows. A number is folded (0, -1, 1, -2 … become 0, 1, 2,
3 …), what lies above its low k bits is so many ones and a zero, and the low bits follow; from 24 ones on, which stand
without a zero, all 16 bits follow. The first sample of a lead by itself stands in 16 bits. Bits fill bytes from the
lowest. All arithmetic wraps at 16 bits, so that nothing is out of range.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

NO_GUESS: Final = 0
"""A lead by itself: each sample is guessed to be as the one before. III, aVR, aVL, aVF: from I and II."""
III, AVR, AVL, AVF = 1, 2, 3, 4
_ESCAPE = 24
_ALL_ZERO = 15
_MOST_K = 14


@njit(cache=True, nogil=True)
def _guess(rule: int, one: int, two: int) -> int:
    if rule == III:
        return two - one
    if rule == AVR:
        return -((one + two) >> 1)
    if rule == AVL:
        return one - (two >> 1)
    return two - (one >> 1)


@njit(cache=True, nogil=True)
def _fold(step: int) -> int:
    step = ((step + 0x8000) & 0xFFFF) - 0x8000
    return ((step << 1) ^ (step >> 63)) & 0xFFFF


@njit(cache=True, nogil=True)
def _bits(folded: NDArray[np.int32], first: int, k: int) -> int:
    spent = 0
    for place in range(first, len(folded)):
        above = folded[place] >> k
        spent += _ESCAPE + 16 if above >= _ESCAPE else above + 1 + k
    return spent


@njit(cache=True, nogil=True)
def _parameter(folded: NDArray[np.int32], first: int) -> int:
    total = 0
    for place in range(first, len(folded)):
        total += folded[place]
    if total == 0:
        return _ALL_ZERO
    near = 0
    while near < _MOST_K and (len(folded) - first) << near < total:
        near += 1
    best, least = near, _bits(folded, first, near)
    for k in (near - 1, near - 2):
        if k >= 0:
            spent = _bits(folded, first, k)
            if spent < least:
                best, least = k, spent
    return best


@njit(cache=True, nogil=True)
def encode(samples: NDArray[np.int16], rules: NDArray[np.uint8], one: int, two: int, out: NDArray[np.uint8]) -> int:
    """Write samples (leads x samples) to `out`; return the bytes used, 0 when they do not fit.

    rules: for each lead how it is guessed; one, two: the places of I and II.
    """
    leads, count = samples.shape
    alone, derived = np.empty(count, np.int32), np.empty(count, np.int32)
    held, bits, used = 0, 0, 0
    for lead in range(leads):
        rule, before, sums = rules[lead], 0, 0
        for place in range(count):
            now = int(samples[lead, place])
            alone[place] = _fold(now - before)
            before = now
            if rule != NO_GUESS:
                derived[place] = _fold(now - _guess(rule, int(samples[one, place]), int(samples[two, place])))
                sums += int(derived[place]) - int(alone[place])
        first = 1 if rule == NO_GUESS or sums > 0 else 0
        folded = alone if first else derived
        k = _parameter(folded, first)
        if used + 8 + (5 + 16 + (0 if k == _ALL_ZERO else _bits(folded, first, k))) // 8 > len(out):
            return 0
        held |= (1 - first | k << 1) << bits
        bits += 5
        if first:
            held |= int(folded[0]) << bits
            bits += 16
        if k != _ALL_ZERO:
            low = (1 << k) - 1
            for place in range(first, count):
                while bits >= 8:
                    out[used] = held & 0xFF
                    held >>= 8
                    bits -= 8
                    used += 1
                value = int(folded[place])
                above = value >> k
                if above >= _ESCAPE:
                    code, width = ((1 << _ESCAPE) - 1) | (value << _ESCAPE), _ESCAPE + 16
                else:
                    code, width = ((1 << above) - 1) | ((value & low) << (above + 1)), above + 1 + k
                held |= code << bits
                bits += width
        while bits >= 8:
            out[used] = held & 0xFF
            held >>= 8
            bits -= 8
            used += 1
    if bits:
        out[used] = held & 0xFF
        used += 1
    return used


@njit(cache=True, nogil=True)
def encode_many(
    samples: NDArray[np.int16], heads: NDArray[np.int64], rules: NDArray[np.uint8], out: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Write many frames, one behind the other; return the bytes used of each, 0 for one that does not fit.

    heads: for each its leads, its samples of each lead, where its rules begin, and the places of I and II. A frame may
    use as many bytes as its samples have; what it has used of `out` begins where those of the frame before end.
    """
    sizes = np.zeros(len(heads), np.int64)
    begin, used = 0, 0
    for number in range(len(heads)):
        leads, count, first = heads[number, 0], heads[number, 1], heads[number, 2]
        end = begin + leads * count
        frame = samples[begin:end].reshape((leads, count))
        room = out[used : used + 2 * leads * count]
        sizes[number] = encode(frame, rules[first : first + leads], heads[number, 3], heads[number, 4], room)
        begin, used = end, used + sizes[number]
    return sizes


@njit(cache=True, nogil=True)
def decode(kept: NDArray[np.uint8], rules: NDArray[np.uint8], one: int, two: int, out: NDArray[np.int16]) -> bool:
    """Read samples (leads x samples) into `out`; False for what `encode` did not write.

    A lead that follows from I and II is read after them.
    """
    leads, count = out.shape
    held, bits, used = 0, 0, 0
    alone = np.ones(leads, np.uint8)
    for lead in range(leads):
        first, k = 1, _ALL_ZERO
        for place in range(-1, count):
            while bits <= 48 and used < len(kept):
                held |= int(kept[used]) << bits
                bits += 8
                used += 1
            value, width = 0, 0
            if place < 0:
                value, width = held & 31, 5
                first, k = 1 - (value & 1), value >> 1
                alone[lead] = first
                if rules[lead] == NO_GUESS and not first:
                    return False
            elif place < first:
                value, width = held & 0xFFFF, 16
            elif k != _ALL_ZERO:
                above = 0
                while above < _ESCAPE and (held >> above) & 1:
                    above += 1
                if above == _ESCAPE:
                    value, width = (held >> _ESCAPE) & 0xFFFF, _ESCAPE + 16
                else:
                    low = (held >> (above + 1)) & ((1 << k) - 1)
                    value, width = (above << k) | low, above + 1 + k
            if width > bits:
                return False
            held >>= width
            bits -= width
            if place >= 0:
                step = (value >> 1) ^ -(value & 1)
                out[lead, place] = np.int16(((step + 0x8000) & 0xFFFF) - 0x8000)
    for lead in range(leads):
        if alone[lead]:
            now = 0
            for place in range(count):
                now = ((now + int(out[lead, place]) + 0x8000) & 0xFFFF) - 0x8000
                out[lead, place] = np.int16(now)
    for lead in range(leads):
        if not alone[lead]:
            for place in range(count):
                now = int(out[lead, place]) + _guess(rules[lead], int(out[one, place]), int(out[two, place]))
                out[lead, place] = np.int16(((now + 0x8000) & 0xFFFF) - 0x8000)
    return True
