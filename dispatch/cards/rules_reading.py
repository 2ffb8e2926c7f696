"""Reading a set of cards from its file, and telling what is wrong with it by card and field. Pure."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, TypeVar

import msgspec

from dispatch.cards.rules_checks import faults_of
from dispatch.cards.rules_set import Card, CardSet, Instruction, Question, Universal, Words
from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault

MAX_CHARACTERS: Final = 1_000_000
_AT: Final = re.compile(r"^(?P<message>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_HEAD: Final[Mapping[str, type]] = {
    "version": str, "source": str, "sign_off": str, "reviewed": tuple[str, ...], "words": Words, "universal": Universal,
}  # fmt: skip
_LISTS: Final[Mapping[str, type]] = {"questions": Question, "cards": Card, "instructions": Instruction}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (`cards.K03.p1[0].when.q`), and what."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read: its cards, or all that is wrong with it."""

    cards: CardSet | None
    faults: tuple[Fault, ...] = ()


class BadCards(Invalid):
    """A set of cards that cannot be used (`cards.invalid`), with all its faults."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = "; ".join(map(str, faults[:3]))
        super().__init__("cards.invalid", f"{len(faults)} faults in the cards: {first}.", "Correct them all.")
        self.faults = faults


@dataclass(slots=True)
class _Reader:
    faults: list[Fault] = field(default_factory=list)

    def part(self, place: str, value: object, kind: type[T]) -> T | None:
        """Read one part; None and a fault when it is not of that form."""
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            found = _AT.match(str(error))
            inner = found["path"] if found and found["path"] else ""
            message = found["message"] if found else str(error)
            self.faults.append(Fault(f"{place}.{inner}" if inner else place, message))
            return None

    def table(self, place: str, value: object, kind: type[T]) -> dict[str, T]:
        """Read a table of parts of one kind by their names."""
        if not isinstance(value, dict) or not value:
            self.faults.append(Fault(place, "a table is missing"))
            return {}
        read = {name: self.part(f"{place}.{name}", item, kind) for name, item in value.items()}
        return {name: part for name, part in read.items() if part is not None}


def read_cards(text: str) -> Reading:
    """Read a set of cards from the text of its TOML file, with all faults that can be found at once."""
    fault = text_fault(text, MAX_CHARACTERS)
    if fault is not None:
        return Reading(None, (Fault("", fault[1]),))
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Reading(None, (Fault("", f"this is no TOML: {error}"),))
    return _read(data, hashlib.sha256(text.encode()).hexdigest())


def _read(data: Mapping[str, Any], digest: str) -> Reading:
    reader = _Reader()
    known = {*_HEAD, *_LISTS}
    reader.faults += [Fault(name, "nobody knows this") for name in data if name not in known]
    head = {name: reader.part(name, data.get(name), kind) for name, kind in _HEAD.items()}
    tables: dict[str, dict[str, Any]] = {
        name: reader.table(name, data.get(name), kind) for name, kind in _LISTS.items()
    }
    if reader.faults:
        return Reading(None, tuple(reader.faults))
    cards = msgspec.convert({**head, **tables, "digest": digest}, CardSet, from_attributes=True)
    faults = tuple(Fault(place, message) for place, message in faults_of(cards))
    return Reading(None if faults else cards, faults)


def good_cards(text: str) -> CardSet:
    """Read a set of cards that must be without fault. Raises BadCards."""
    reading = read_cards(text)
    if reading.cards is None:
        raise BadCards(reading.faults)
    return reading.cards


def builtin_text() -> str:
    """The text of the built-in set's file."""
    return files("dispatch.cards").joinpath("builtin.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def builtin_cards() -> CardSet:
    """The built-in set."""
    return good_cards(builtin_text())
