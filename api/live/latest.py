"""The newest value of each subject; overwritten, never queued, so that what a client missed costs nothing. No I/O."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import ne
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

from api.live.log import View
from api.live.messages import Arriving, Latest, Position, encode, raw
from api.live.sight import Marks
from api.live.topics import Topic

_MOST_FRAMES: Final = 16
_SAME_S: Final = 2.0
_SAME_AT_WORST_S: Final = 5.0
"""An arrival that moved by less is no news: who was told counts down by the clock."""


class _Value(Protocol):
    @property
    def id(self) -> UUID: ...


V = TypeVar("V", bound=_Value)


@dataclass(frozen=True, slots=True)
class _Known(Generic[V]):
    version: int
    value: V
    raw: msgspec.Raw
    marks: Marks


class Newest(Generic[V]):
    """Values by id; `version` rises with every look that found something new.

    is_news: whether a value is worth telling to who knows another one.
    """

    def __init__(self, topic: Topic, is_news: Callable[[V, V], bool] = ne) -> None:
        self.topic = topic
        self.version = 0
        self._is_news = is_news
        self._known: dict[UUID, _Known[V]] = {}
        self._frames: OrderedDict[tuple[int, View], bytes | None] = OrderedDict()

    def take(self, seen: Iterable[tuple[V, Marks]], *, all_of_them: bool = True) -> bool:
        """Take what newest values are now, each with whose it is; tell whether any is new.

        all_of_them: what is not among them is gone; otherwise it is as it was.
        """
        version = self.version + 1
        known: dict[UUID, _Known[V]] = {} if all_of_them else dict(self._known)
        changed = False
        for value, marks in seen:
            held = self._known.get(value.id)
            if held is None or held.marks != marks or self._is_news(held.value, value):
                held, changed = _Known(version, value, raw(value), marks), True
            known[value.id] = held
        self._known = known
        if changed:
            self.version = version
            self._frames.clear()
        return changed

    def frame(self, since: int, view: View) -> bytes | None:
        """The message to who knows what was new up to version `since`; None when nothing for him is newer."""
        key = (since, view)
        if key in self._frames:
            return self._frames[key]
        items = [one.raw for one in self._known.values() if one.version > since and view.shows(self.topic, one.marks)]
        made = encode(Latest(self.topic, items)) if items else None
        self._frames[key] = made
        while len(self._frames) > _MOST_FRAMES:
            self._frames.popitem(last=False)
        return made


def is_news(known: Arriving, now: Arriving) -> bool:
    """Tell whether an arrival has become another one than who counts down the known one takes it for."""
    old, new = known.arrival, now.arrival
    if old is None or new is None:
        return old is not new
    if (old.goal, old.source, old.stale) != (new.goal, new.source, new.stale):
        return True
    gone_s = (new.computed_at - old.computed_at).total_seconds()
    aged_s = 0.0 if old.age_s is None or new.age_s is None else old.age_s + gone_s - new.age_s
    pairs = (
        (old.eta_s, new.eta_s, _SAME_S),
        (old.low_s, new.low_s, _SAME_S),
        (old.high_s, new.high_s, _SAME_AT_WORST_S),
    )
    return abs(aged_s) >= 1.0 or any(abs(max(was - gone_s, 0.0) - is_s) >= same_s for was, is_s, same_s in pairs)


@dataclass(frozen=True, slots=True)
class Values:
    """All newest values of a process."""

    positions: Newest[Position] = field(default_factory=lambda: Newest(Topic.UNITS))
    arrivals: Newest[Arriving] = field(default_factory=lambda: Newest(Topic.ASSIGNMENTS, is_news))

    def __iter__(self) -> Iterator[Newest[Position] | Newest[Arriving]]:
        return iter((self.positions, self.arrivals))
