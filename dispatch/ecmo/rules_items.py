"""What can be entered for a case, from `items.toml`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dispatch.ecmo.states import Mode
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

Value = float | bool | str | list[str]
"""A number in the item's unit, yes or no, one word, several words, or a time as ISO 8601 text with its zone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be entered. kind: number, yes, words, several or time."""

    name: str
    group: str
    kind: str
    deciding: frozenset[Mode]
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    words: tuple[str, ...] = ()

    def check(self, value: object) -> Value:
        """Return the value as it is kept. Raises Invalid (`ecmo.value`), which says what is asked."""
        if self.kind == "number":
            return self._number(value)
        if self.kind == "yes":
            if isinstance(value, bool):
                return value
            raise Invalid("ecmo.value", f"{self.name}: yes or no is asked.")
        if self.kind == "time":
            return self._time(value)
        listed = ", ".join(self.words)
        if self.kind == "several":
            if isinstance(value, list) and set(value) <= set(self.words):
                return [one for one in self.words if one in value]
            raise Invalid("ecmo.value", f"{self.name}: some of these are asked: {listed}.")
        if isinstance(value, str) and value in self.words:
            return value
        raise Invalid("ecmo.value", f"{self.name}: one of these is asked: {listed}.")

    def _number(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise Invalid("ecmo.value", f"{self.name}: a number from {self.low:g} to {self.high:g} {self.unit} is due.")
        if self.whole and value != int(value):
            raise Invalid("ecmo.value", f"{self.name}: a whole number is asked.")
        return float(value)

    def _time(self, value: object) -> str:
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise Invalid("ecmo.value", f"{self.name}: a time with its zone is due, as 2026-11-27T11:20:00+08:00.")
        return found.isoformat()


def _item(name: str, group: str, deciding: frozenset[Mode], data: str | Mapping[str, Any]) -> Item:
    if isinstance(data, str):
        return Item(name, group, data, deciding)
    for kind in ("words", "several"):
        if kind in data:
            return Item(name, group, kind, deciding, words=tuple(data[kind]))
    low, high = data["range"]
    return Item(name, group, "number", deciding, data["unit"], float(low), float(high), data.get("whole", False))


_DATA: Final = shipped("dispatch.ecmo", "items.toml")
VERSION: Final[str] = _DATA["version"]
SOURCE: Final[str] = _DATA["source"]
SIGNED_OFF_BY: Final[str] = _DATA["signed_off_by"]
ITEMS: Final[Mapping[str, Item]] = {
    name: _item(
        name, group, frozenset(Mode(mode) for mode, asked in _DATA["deciding"].items() if name in asked),
        _DATA["items"][name],
    )
    for group, names in _DATA["groups"].items()
    for name in names
}  # fmt: skip
"""By name, in the order in which they are shown."""


def checked(name: str, value: object) -> Value:
    """Return a value as it is kept. Raises Invalid (`ecmo.item`, `ecmo.value`)."""
    item = ITEMS.get(name)
    if item is None:
        raise Invalid("ecmo.item", f"Nothing called {name} can be entered.")
    return item.check(value)
