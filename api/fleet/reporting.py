"""Who may speak of a unit, and as what it counts: dispatchers of all, devices and crews of their own vehicle."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Path
from msgspec import Meta

from api.auth import must_be_vehicle, requires
from api.errors import FieldError, ProblemError
from dispatch.accounts.rules_permissions import Principal, may
from dispatch.kernel.actor import ActorKind
from dispatch.kernel.db import Session
from dispatch.units.queries import get_unit_by_id
from dispatch.units.queries_crew import find_on_duty
from dispatch.units.states_duty import Source
from dispatch.units.tables import Unit

STATUS: Final = "units.status"
REPORT: Final = "units.report"
Reporter = Annotated[Principal, requires(REPORT, STATUS)]
UnitId = Annotated[UUID, Path(description="The unit's id.")]
Heard = Annotated[
    Literal["voice", "paper"] | None,
    Meta(description="Heard on the radio, or copied from paper; null: the dispatcher's own word."),
]
SourceName = Annotated[
    Literal["crew", "auto", "voice", "paper"] | None,
    Meta(
        description="Of a vehicle's device: `crew` (its default) or `auto`, a receiver or geofence. Of a dispatcher: "
        "`voice` or `paper`; null: the dispatcher's own word."
    ),
]
_THEIRS: Final = frozenset((Source.CREW, Source.AUTO))


async def reported_unit(session: Session, region: str, actor: Principal, unit_id: UUID) -> tuple[Unit, bool]:
    """Return the unit that the actor may speak of, and whether they speak as a dispatcher.

    Raises NotFound (`unit.not_found`), ProblemError (`device.other_vehicle`, `crew.other_vehicle`).
    """
    unit = await get_unit_by_id(session, region, unit_id)
    if may(actor, STATUS, unit.organisation):
        return unit, True
    if actor.kind is ActorKind.DEVICE:
        must_be_vehicle(actor, unit.region, unit.call_sign)
        return unit, False
    duty = await find_on_duty(session, actor.id)
    if duty is None or duty.unit_id != unit.id:
        raise ProblemError("crew.other_vehicle", "You are not on board of this vehicle.", "Sign on there first.")
    return unit, False


def source_of(asked: str | None, *, dispatcher: bool, own: Source = Source.CREW) -> Source:
    """Return what the word of this actor counts as; `own`: what a vehicle's does by itself.

    Raises ProblemError (`request.invalid`) for a source that is not theirs to name.
    """
    if asked is None:
        return Source.DISPATCHER if dispatcher else own
    source = Source(asked)
    if (source in _THEIRS) is dispatcher:
        whose = "a dispatcher's is voice or paper" if dispatcher else "a vehicle's is crew or auto"
        raise ProblemError(
            "request.invalid",
            f"The source {source} is not yours: {whose}.",
            fields=[FieldError("source", whose)],
        )
    return source


def dispatchers(permission: str = STATUS) -> Any:  # noqa: ANN401 - as `requires`
    """What gives a handler an actor who speaks for every vehicle."""
    return requires(permission)
