"""The newest value of each unit: overwritten, never queued, so that what a client missed costs nothing. No I/O."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from api.live.log import View
from api.live.messages import Latest, Position, encode, raw
from api.live.sight import Marks
from api.live.topics import Topic

_MOST_FRAMES: Final = 16


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    position: Position
    raw: msgspec.Raw
    marks: Marks


class NewestPositions:
    """Positions by unit; `version` rises with every look that found something new."""

    def __init__(self) -> None:
        self.version = 0
        self._known: dict[UUID, _Known] = {}
        self._frames: OrderedDict[tuple[int, View], str | None] = OrderedDict()

    def take(self, seen: Iterable[tuple[Position, str]]) -> bool:
        """Take what all units' newest positions are now, each with its organisation; tell whether any is new."""
        version = self.version + 1
        known: dict[UUID, _Known] = {}
        changed = False
        for position, organisation in seen:
            held = self._known.get(position.id)
            if held is None or held.position != position:
                marks = Marks(frozenset({organisation}), frozenset({position.id}))
                held, changed = _Known(version, position, raw(position), marks), True
            known[position.id] = held
        self._known = known
        if changed:
            self.version = version
            self._frames.clear()
        return changed

    def frame(self, since: int, view: View) -> str | None:
        """The message to who knows what was new up to version `since`; None when nothing for him is newer."""
        key = (since, view)
        if key in self._frames:
            return self._frames[key]
        items = [one.raw for one in self._known.values() if one.version > since and view.shows(Topic.UNITS, one.marks)]
        made = encode(Latest(Topic.UNITS, items)) if items else None
        self._frames[key] = made
        while len(self._frames) > _MOST_FRAMES:
            self._frames.popitem(last=False)
        return made
