"""How it is told that something was erased by law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from api.names import names_of_actors
from dispatch.incidents.queries_personal import Erased
from dispatch.incidents.states_patients import ErasureBasis
from dispatch.kernel.db import Session


class ErasedOut(msgspec.Struct, frozen=True):
    """Words were erased by law: when, by whom, on what ground."""

    at: datetime
    by: Annotated[str, Meta(description="`person:ID` or `system:NAME`.")]
    by_name: Annotated[str | None, Meta(description="As they are called now; null once it is erased.")]
    basis: ErasureBasis


async def erased_out(session: Session, erased: Iterable[Erased]) -> list[ErasedOut]:
    """Tell erasures with the present names of who did them."""
    found = list(erased)
    names = await names_of_actors(session, [one.by for one in found])
    return [ErasedOut(one.at, one.by, names.get(one.by), one.basis) for one in found]
