"""From a request to an act of the domain: one transaction in the actor's name, committed before the answer goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

import msgspec
from fastapi import Header
from msgspec import Meta

from api.auth import Doorkeeper, begin
from api.deps import must_be_served
from api.roads.schemas import Aware
from dispatch.accounts.rules_permissions import Principal
from dispatch.incidents.rules_times import Told
from dispatch.incidents.service import Act
from dispatch.incidents.states import Source
from dispatch.kernel.actor import ActorKind

IdempotencyKey = Annotated[
    str | None,
    Header(
        description="A fresh key of your own for each thing to be made, 1 to 128 letters, digits or . _ : @ / - signs. "
        "The same request again under the same key makes nothing new and gives what it made.",
    ),
]
Version = Annotated[int, Meta(ge=1, description="The version that was looked at; another one now is refused (409).")]
AnyVersion = (
    Annotated[int, Meta(ge=1, description="The version that was looked at; null: whatever it is by now.")] | None
)


class LateIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When it truly was, where it is entered after the fact."""

    at: Annotated[Aware | None, Meta(description="Null: now. ISO 8601 with zone; at most a year back.")] = None
    source: Annotated[
        Literal["voice", "paper"] | None, Meta(description="Told over the radio, or copied from paper; needs `at`.")
    ] = None


def told_of(asked: LateIn, actor: Principal) -> Told | None:
    """What was said of the time; None: now, by whoever asks."""
    if asked.source is not None:
        return Told(asked.at, Source(asked.source))
    if asked.at is None:
        return None
    return Told(asked.at, Source.DEVICE if actor.kind is ActorKind.DEVICE else Source.MANUAL)


@asynccontextmanager
async def acting(door: Doorkeeper, actor: Principal) -> AsyncIterator[Act]:
    """Do something in the served region as `actor`; what was done is committed when the block ends well.

    Raises ProblemError (`region.not_served`) for a device of another region.
    """
    parts = door.parts
    if actor.region:
        must_be_served(parts, actor.region)
    async with parts.database.write() as session:
        yield Act(session, parts.clock, begin(door, actor), door.digester, parts.settings.region)
