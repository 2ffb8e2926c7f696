"""What a simulated day makes of what the service did not take."""

from __future__ import annotations

from uuid import UUID

import pytest
from factories.simulation import START, a_setting

from api.simulator.client import Client
from api.simulator.doing import do
from api.simulator.ear import Ear
from api.simulator.player import Player
from api.simulator.props import Props, Token
from api.simulator.running import run_of
from api.simulator.timeline import Timeline
from dispatch.incidents.states_calls import Outcome
from dispatch.kernel.clock import ManualClock
from dispatch.simulation.rules_actions import Action, Answer, Open, PassOn, Settle
from dispatch.simulation.rules_calls import opening_calls
from dispatch.simulation.rules_news import Refused

SETTING = a_setting()
(CALLER, *_) = opening_calls(SETTING.figures, SETTING.country, SETTING.dice, START)


@pytest.mark.parametrize(
    "action", [Answer(CALLER), Settle(CALLER.key, Outcome.SILENT), PassOn(CALLER.key), Open(CALLER)], ids=type
)
async def test_a_call_whose_ringing_was_refused_breaks_no_day_off(action: Action) -> None:
    nobody = Props("aksu", (), Token(UUID(int=1), ""), (), (), ())
    client = Client("http://localhost", say=print)
    player = Player(
        client, nobody, SETTING, Ear({}, frozenset()), Timeline(ManualClock(START), START, 1.0), run_of(START), {}
    )  # fmt: skip
    assert await do(player, action) == [Refused(action, "call.not_found")]
    client.close()


def test_days_of_the_same_second_have_names_of_their_own() -> None:
    one, other = run_of(START), run_of(START)
    assert not one.startswith(other)
    assert one.startswith("SIM-261122T010000-")
