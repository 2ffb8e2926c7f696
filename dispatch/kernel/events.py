"""Events: frozen facts in the past tense, of which the journal keeps a line each.

    @event("unit.assigned", subject="unit_id")
    class UnitAssigned(Event):
        unit_id: UUID
        incident_id: UUID

A payload holds ids, numbers, codes and times, never personal data: the journal can never be changed, and personal
values must be erasable by law. They live in versioned tables; a payload names them by id or by a salted digest
(`dispatch.kernel.digests`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

import msgspec

from dispatch.kernel.errors import Invalid

LATE_SOURCE: Final = "late_source"
"""The payload's key for where a late entry came from; no event may have a field of that name."""

_TYPE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_SOURCE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_LONGEST_TYPE: Final = 100
_PERSONAL: Final = frozenset(
    (
        "name",
        "names",
        "full_name",
        "phone",
        "address",
        "birth",
        "birthday",
        "birth_date",
        "id_card",
        "id_number",
        "password",
        "token",
        "secret",
        "note",
        "notes",
        "text",
        "words",
        "comment",
        "email",
    )
)
"""Names of fields that would hold personal data or free words."""

_types: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; `@event` makes a subclass a frozen dataclass and registers its type."""

    type: ClassVar[str]
    _subject: ClassVar[str]

    @property
    def subject(self) -> str:
        """What it happened to: the id of a unit, an incident, a person."""
        return str(getattr(self, self._subject))

    @property
    def organisation_told(self) -> str | None:
        """The event's field `organisation`, where it has one and it is given; None otherwise."""
        told: str | None = getattr(self, "organisation", None)
        return told

    def payload(self) -> dict[str, Any]:
        """Return all fields as plain JSON: ids and times become text, enums their values."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made


@dataclass(frozen=True, slots=True)
class Late:
    """An event entered after the fact, from paper or radio: it keeps its true time beside the time of entry.

    source: a code such as `paper` or `voice`. Raises Invalid (`journal.late_source`, `journal.no_zone`).
    """

    event: Event
    occurred_at: datetime
    source: str

    def __post_init__(self) -> None:
        if not _SOURCE.fullmatch(self.source):
            raise Invalid("journal.late_source", f"{self.source!r} is no code of a source, such as paper or voice.")
        if self.occurred_at.tzinfo is None:
            raise Invalid("journal.no_zone", f"The time {self.occurred_at.isoformat()} has no time zone.")


E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(name: str, *, subject: str) -> Callable[[type[E]], type[E]]:
    """Make a class an event: a frozen dataclass with named fields only, known by `name` ("unit.assigned").

    subject: the field that tells what it happened to. Raises TypeError for a bad or taken name, for a subject that is
    no field, and for a field whose name speaks of personal data.
    """

    def register(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        own = {field.name for field in fields(made)}
        if not _TYPE.fullmatch(name) or len(name) > _LONGEST_TYPE:
            raise TypeError(f"{name!r} is no type of an event; write it as unit.assigned")
        if subject not in own:
            raise TypeError(f"{cls.__name__} has no field {subject} to be its subject")
        if forbidden := sorted(own & (_PERSONAL | {LATE_SOURCE})):
            raise TypeError(f"{cls.__name__}: a journal line may not hold {', '.join(forbidden)}")
        known = _types.get(name)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"the type {name} is taken by {known.__module__}.{known.__qualname__}")
        made.type, made._subject = name, subject  # noqa: SLF001 - the decorator is part of the base
        _types[name] = made
        return made

    return register


def read_event(name: str, payload: Mapping[str, Any]) -> Event:
    """Return the event that a line's `type` and `payload` tell. Raises Invalid: `event.unknown`, `event.unreadable`."""
    cls = _types.get(name)
    if cls is None:
        raise Invalid("event.unknown", f"This Tarim knows no event of the type {name}.")
    try:
        return msgspec.convert(dict(payload), cls)
    except msgspec.ValidationError as error:
        raise Invalid("event.unreadable", f"A line of the type {name} does not read back: {error}.") from None


def known_types() -> Mapping[str, type[Event]]:
    """Return all types that were registered so far."""
    return dict(_types)
