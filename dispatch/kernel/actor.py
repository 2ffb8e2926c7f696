"""Who does something, and in the course of what: the two things that every line of the journal tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Invalid
from dispatch.kernel.ids import new_id

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ActorKind(StrEnum):
    """What acts."""

    PERSON = "person"
    DEVICE = "device"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts: a person who is logged in, a device with its token, a part of Tarim itself.

    id: of the person or device, or the name of the part ("deadlines"); never a person's name. organisation: whose they
    are, None for Tarim itself. Raises Invalid (`actor.id`).
    """

    kind: ActorKind
    id: str
    organisation: str | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise Invalid("actor.id", f"{self.id!r} is no id of a person, a device or a part of Tarim.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def system(name: str) -> Actor:
    """Return the actor for a part of Tarim that acts by itself."""
    return Actor(ActorKind.SYSTEM, name)


@dataclass(frozen=True, slots=True)
class Context:
    """One request, one message or one tick: all that is done in its course carries its id.

    parent_id: the context that led to this one; None when somebody began it.
    """

    actor: Actor
    id: UUID
    parent_id: UUID | None = None

    @classmethod
    def begin(cls, clock: Clock, actor: Actor) -> Self:
        """Begin something of one's own."""
        return cls(actor, new_id(clock))

    def follow(self, clock: Clock, actor: Actor | None = None) -> Context:
        """Begin what is done in answer to this, by `actor` or by the same one."""
        return Context(actor or self.actor, new_id(clock), self.id)
