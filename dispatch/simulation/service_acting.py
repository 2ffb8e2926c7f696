"""Carrying out an action on the services, by its kind. Nothing here commits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.alone import attempt
from dispatch.kernel.errors import TarimError, Unavailable
from dispatch.simulation import rules_actions as does
from dispatch.simulation import service_crews, service_desk
from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_news import News, Refused
from dispatch.simulation.service_stage import Stage

_HANDLERS: Final[Mapping[type, Callable[[Stage, AsyncSession, Any], Awaitable[list[News]]]]] = {
    does.Signals: service_desk.signals,
    does.Answer: service_desk.answer,
    does.Settle: service_desk.settle,
    does.PassOn: service_desk.pass_on,
    does.CallBack: service_desk.call_back,
    does.Link: service_desk.link,
    does.Open: service_desk.open_,
    does.Recommend: service_desk.recommend,
    does.Order: service_desk.order,
    does.Close: service_desk.close,
    does.SettleLeft: service_desk.settle_left,
    does.CancelIncident: service_desk.cancel,
    does.Watch: service_desk.watch,
    does.MovePlace: service_desk.move_place,
    does.BeginTour: service_desk.begin_tour,
    does.EndTour: service_desk.end_tour,
    does.Report: service_crews.report,
    does.TellTime: service_crews.tell,
    does.TellClearing: service_crews.tell_clearing,
    does.TakePatient: service_crews.take_patient,
    does.TakeOver: service_crews.take_over,
    does.SettlePatient: service_crews.settle_patient,
    does.ChangeShift: service_crews.change,
    does.Positions: service_crews.positions,
    does.FindWay: service_crews.find_way,
}
_MAY_BE_REFUSED: Final = frozenset(
    (
        does.Order,
        does.Close,
        does.CancelIncident,
        does.Link,
        does.CallBack,
        does.MovePlace,
        does.BeginTour,
        does.EndTour,
    )
)
"""Others may be quicker, or things may have changed: such an action gets a savepoint. It costs two statements of about
ten, so that what cannot be refused goes without."""


async def carry_out(stage: Stage, session: AsyncSession, action: Action) -> list[News]:
    """Carry out one action and return what is heard of it; one that is refused leaves nothing behind.

    Raises TarimError for an action that nothing could have made impossible: a fault of the simulation.
    """
    handler = _HANDLERS[type(action)]
    if not _may_be_refused(action):
        return await handler(stage, session, action)
    try:
        async with attempt(session):
            return await handler(stage, session, action)
    except TarimError as error:
        if isinstance(error, Unavailable):
            raise
        return [Refused(action, error.code)]


def _may_be_refused(action: Action) -> bool:
    """A device's report is always taken; what a dispatcher enters for a crew, and what comes late, may not fit."""
    late = getattr(action, "at", None) is not None or getattr(action, "by_voice", False)
    return late or type(action) in _MAY_BE_REFUSED
