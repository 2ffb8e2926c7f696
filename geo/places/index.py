"""A search index over names: every spelling of every name in a few long strings, scanned by `str.find`.

Tens of thousands of names are a few megabytes; scanning them takes a millisecond, and building needs no more than
joining them.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from geo.places.pinyin import readings
from geo.places.text import compact, is_arabic, is_han, numbered, uyghur_latin

_CAP: Final = 1000
"""Spellings that one question may match in one table; the exact and those that begin so come first."""

COMMON: Final = _CAP // 3
"""A word that matches so many rows may match more than were listed."""


class Spelling(IntEnum):
    """How a name is written in the index."""

    NAME = 0
    NUMBERED = 1
    LATIN = 2
    PINYIN = 3
    INITIALS = 4


WEIGHT: Final = {
    Spelling.NAME: 1.0,
    Spelling.NUMBERED: 1.0,
    Spelling.LATIN: 0.9,
    Spelling.PINYIN: 0.85,
    Spelling.INITIALS: 0.6,
}
"""How much a match in each spelling is worth."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a name answers: 0 < score ≤ 1, and by which spelling."""

    score: float
    spelling: Spelling
    exact: bool = False


class _Table:
    """One spelling of all names: the keys in order, and joined by line ends for scanning."""

    def __init__(self, rows_of: dict[str, list[int]]) -> None:
        self.keys = sorted(rows_of)
        self.rows = [rows_of[key] for key in self.keys]
        self.text = "\n".join(self.keys)
        self.starts = list(itertools.accumulate((len(key) + 1 for key in self.keys[:-1]), initial=0))

    def matches(self, part: str) -> Iterator[tuple[int, int]]:
        """Give (key, place of `part` in it), at most `_CAP`: the keys that begin so, then those that hold it."""
        first = bisect_left(self.keys, part)
        last = bisect_left(self.keys, part + "\U0010ffff", lo=first)
        stop = min(last, first + _CAP)
        yield from ((number, 0) for number in range(first, stop))
        room = _CAP - (stop - first)
        at = self.text.find(part)
        while at >= 0 and room > 0:
            number = bisect_right(self.starts, at) - 1
            if first <= number < last:
                # Those that begin so stand together and are told already.
                number = last - 1
            else:
                yield number, at - self.starts[number]
                room -= 1
            at = self.text.find(part, self.starts[number] + len(self.keys[number]))


class NameIndex:
    """Names by row. A row may have many names; a name many spellings."""

    def __init__(self, names: Iterable[tuple[int, str]]) -> None:
        rows_of: dict[str, list[int]] = {}
        for row, name in names:
            rows_of.setdefault(compact(name), []).append(row)
        rows_of.pop("", None)
        keys: dict[Spelling, dict[str, list[int]]] = {spelling: {} for spelling in Spelling}
        for name, rows in rows_of.items():
            for spelling, text in _spellings(name):
                keys[spelling].setdefault(text, []).extend(rows)
        self._tables = {spelling: _Table(found) for spelling, found in keys.items()}
        self.search = lru_cache(maxsize=32)(self._search)

    def _search(self, question: str) -> Mapping[int, Match]:
        """Give the best match of each row whose name holds the question (one run of text, folded here).

        Score: weight of the spelling × (1 for the whole name, 0.8 + 0.15 × covered share for its beginning,
        0.6 + 0.15 × covered share elsewhere, 0.4 in the middle of Latin letters, so that the initials ale lead to
        阿拉尔 and not to every "hospital (example)"); × 0.8 if the question ends within a longer number (10 in 101).
        """
        text = compact(question)
        if not text:
            return {}
        wanted = [(Spelling.NAME, text)]
        digits = numbered(text)
        wanted.append((Spelling.NUMBERED, digits))
        if text.isascii():
            wanted += [(Spelling.LATIN, text), (Spelling.PINYIN, text)]
            if len(text) > 1:
                wanted.append((Spelling.INITIALS, text))
        best: dict[int, Match] = {}
        for spelling, key in wanted:
            self._scan(spelling, key, best)
        return best

    def _scan(self, spelling: Spelling, part: str, best: dict[int, Match]) -> None:
        table = self._tables[spelling]
        for number, at in table.matches(part):
            key = table.keys[number]
            score = _quality(key, at, at + len(part)) * WEIGHT[spelling]
            if score > 0.0:
                match = Match(score, spelling, len(part) == len(key))
                for row in table.rows[number]:
                    if row not in best or best[row].score < score:
                        best[row] = match


def _quality(key: str, begin: int, end: int) -> float:
    if begin > 0 and key[begin].isdigit() and key[begin - 1].isdigit():
        return 0.0  # 1团 is not a part of 11团
    if end - begin == len(key):
        return 1.0
    among_letters = begin > 0 and key[begin - 1 : begin + 1].isascii() and key[begin - 1 : begin + 1].isalpha()
    share = (0.4 if among_letters else 0.6 if begin else 0.8) + 0.15 * (end - begin) / len(key)
    return share * 0.8 if end < len(key) and key[end - 1].isdigit() and key[end].isdigit() else share


def _spellings(name: str) -> list[tuple[Spelling, str]]:
    found = [(Spelling.NAME, name), (Spelling.NUMBERED, numbered(name))]
    if is_arabic(name):
        latin = uyghur_latin(name)
        found.append((Spelling.LATIN, latin))
        if "q" in latin:
            found.append((Spelling.LATIN, latin.replace("q", "k")))
    if is_han(name):
        full, initials = readings(name)
        found += [(Spelling.PINYIN, one) for one in full]
        found += [(Spelling.INITIALS, one) for one in initials]
        if found[1][1] != name:
            full, initials = readings(found[1][1])
            found += [(Spelling.PINYIN, one) for one in full]
            found += [(Spelling.INITIALS, one) for one in initials]
    return found
