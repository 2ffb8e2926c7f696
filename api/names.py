"""What people and devices that did something are called now. No journal holds their names: they are looked up here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from dispatch.accounts.queries import device_names, display_names
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Session

_KNOWN: Final = re.compile(
    rf"({ActorKind.PERSON}|{ActorKind.DEVICE}):([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
)


async def names_of_actors(session: Session, actors: Iterable[str | None]) -> dict[str, str]:
    """Return names by `person:ID` and `device:ID`; a device goes by its vehicle.

    Who is unknown or erased is left out.
    """
    wanted: dict[str, list[UUID]] = {ActorKind.PERSON: [], ActorKind.DEVICE: []}
    for found in filter(None, (_KNOWN.fullmatch(actor or "") for actor in set(actors))):
        wanted[found[1]].append(UUID(found[2]))
    people = await display_names(session, wanted[ActorKind.PERSON]) if wanted[ActorKind.PERSON] else {}
    devices = await device_names(session, wanted[ActorKind.DEVICE]) if wanted[ActorKind.DEVICE] else {}
    told = {f"{ActorKind.PERSON}:{key}": name for key, name in people.items()}
    return told | {f"{ActorKind.DEVICE}:{key}": name for key, name in devices.items()}
