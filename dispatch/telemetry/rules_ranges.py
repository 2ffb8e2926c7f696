"""Sets of sequence numbers as a few closed intervals. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

Span = tuple[int, int]
"""First and last number, both included."""


class Ranges:
    """A set of whole numbers from 1 on, kept as intervals in order that neither overlap nor touch."""

    __slots__ = ("_first", "_last")

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        for first, last in spans:
            self.add(first, last)

    def __contains__(self, number: int) -> bool:
        if not self._last or number > self._last[-1]:
            return False  # as nearly always: numbers come in their order
        place = bisect_right(self._first, number) - 1
        return place >= 0 and number <= self._last[place]

    def __len__(self) -> int:
        """In how many pieces it lies."""
        return len(self._first)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranges) and self.spans == other.spans

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"Ranges({self.spans})"

    @property
    def spans(self) -> list[Span]:
        """All intervals, in order."""
        return list(zip(self._first, self._last, strict=True))

    @property
    def upto(self) -> int:
        """The last number such that it and all before it are in the set; 0 when 1 is not."""
        return self._last[0] if self._first and self._first[0] == 1 else 0

    @property
    def beyond(self) -> list[Span]:
        """The intervals behind the first gap."""
        if not self.upto:
            return self.spans
        return self.spans[1:] if len(self._first) > 1 else []

    @property
    def missing(self) -> list[Span]:
        """The gaps: what is not in the set below its highest number."""
        before = [0, *self._last[:-1]]
        gaps = [(end + 1, first - 1) for end, first in zip(before, self._first, strict=bool(self._first))]
        return [gap for gap in gaps if gap[0] <= gap[1]]

    def add(self, first: int, last: int | None = None) -> None:
        """Put numbers in. Raises ValueError for an interval that is empty or begins before 1."""
        last = first if last is None else last
        if not 1 <= first <= last:
            raise ValueError(f"{first} to {last} is no interval of sequence numbers")
        if self._last and first == self._last[-1] + 1:
            self._last[-1] = last
            return
        # All intervals that overlap or touch the new one become one with it.
        low = bisect_left(self._last, first - 1)
        high = bisect_right(self._first, last + 1)
        if low < high:
            first, last = min(first, self._first[low]), max(last, self._last[high - 1])
        self._first[low:high] = [first]
        self._last[low:high] = [last]

    def would_break(self, number: int) -> bool:
        """Tell whether putting this number in makes one more piece."""
        return number not in self and number - 1 not in self and number + 1 not in self

    def copy(self) -> Ranges:
        """Another set with the same numbers."""
        made = Ranges()
        made._first, made._last = self._first.copy(), self._last.copy()
        return made
