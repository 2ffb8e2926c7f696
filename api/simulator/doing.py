"""Carrying out an action through the public API, by its kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from api.simulator import doing_crews, doing_desk
from api.simulator.client import Refusal
from api.simulator.player import Player
from dispatch.simulation import rules_actions as does
from dispatch.simulation.rules_news import News, Refused

_DONE_ALREADY: Final = frozenset(("care.twice", "care.none", "call.not_ringing"))
_HANDLERS: Final[Mapping[type, Callable[[Player, Any], Awaitable[list[News]]]]] = {
    does.Signals: doing_desk.signals,
    does.Answer: doing_desk.answer,
    does.Settle: doing_desk.settle,
    does.PassOn: doing_desk.pass_on,
    does.CallBack: doing_desk.call_back,
    does.Link: doing_desk.link,
    does.Open: doing_desk.open_,
    does.Recommend: doing_desk.recommend,
    does.Order: doing_desk.order,
    does.Close: doing_desk.close,
    does.SettleLeft: doing_desk.settle_left,
    does.CancelIncident: doing_desk.cancel,
    does.Watch: doing_desk.watch,
    does.MovePlace: doing_desk.move_place,
    does.BeginTour: doing_desk.begin_tour,
    does.EndTour: doing_desk.end_tour,
    does.Report: doing_crews.report,
    does.TellTime: doing_crews.tell,
    does.TellClearing: doing_crews.tell_clearing,
    does.TakePatient: doing_crews.take_patient,
    does.TakeOver: doing_crews.take_over,
    does.SettlePatient: doing_crews.settle_patient,
    does.ChangeShift: doing_crews.change_shift,
    does.Positions: doing_crews.positions,
    does.FindWay: doing_crews.find_way,
}


async def do(player: Player, action: does.Action) -> list[News]:
    """Carry out one action and return what is heard of it at once; the rest comes by the feed."""
    try:
        return await _HANDLERS[type(action)](player, action)
    except Refusal as refusal:
        # A request that was sent again after a cut may have been done the first time.
        return [] if refusal.code in _DONE_ALREADY else [Refused(action, refusal.code)]
