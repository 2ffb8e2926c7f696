"""Pieces in any order make the whole that was announced, or nothing."""

from __future__ import annotations

import hashlib
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dispatch.pictures.rules import PIECE_BYTES
from dispatch.pictures.rules_pieces import fits, put_together, whole_until


@given(st.binary(min_size=1, max_size=200), st.lists(st.integers(1, 199), max_size=6))
def test_pieces_make_the_whole_and_nothing_else(whole: bytes, cuts: list[int]) -> None:
    marks = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    pieces = [(a, whole[a:b]) for a, b in pairwise(marks)]
    digest = hashlib.sha256(whole).digest()
    assert put_together(pieces, digest) == whole
    assert put_together(sorted([*pieces, (0, whole[:1])]), digest) == whole
    assert whole_until((start, len(data)) for start, data in pieces) == len(whole)
    damaged = [(start, bytes([data[0] ^ 1]) + data[1:]) for start, data in pieces]
    assert put_together(damaged, digest) is None


def test_a_gap_is_where_to_go_on() -> None:
    assert whole_until([]) == 0
    assert whole_until([(1, 5)]) == 0
    assert whole_until([(0, 4), (2, 4), (7, 1)]) == 6


def test_a_piece_lies_within_the_whole() -> None:
    assert fits(0, b"a", 1)
    assert fits(0, bytes(PIECE_BYTES), PIECE_BYTES)
    assert not fits(0, b"", 1)
    assert not fits(-1, b"a", 1)
    assert not fits(1, b"a", 1)
    assert not fits(0, bytes(PIECE_BYTES + 1), 10 * PIECE_BYTES)
