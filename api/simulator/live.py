"""A simulated day through the public API on the real clock: clients as any others, beside the service."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from api.simulator.client import Say
from api.simulator.doing import do
from api.simulator.player import Player
from dispatch.incidents.states_calls import Signal
from dispatch.simulation.rules_actions import Action, Signals
from dispatch.simulation.rules_calls import Caller
from dispatch.simulation.rules_news import CallTaken, News, Refused
from dispatch.simulation.service_words import said

_GATHER_S: Final = 0.02
"""What is heard in one go is stepped once."""


class LiveWorld:
    """Carries actions out one after the other; hears by the live feed."""

    def __init__(self, player: Player, say: Say) -> None:
        self.player = player
        self.refused: Counter[str] = Counter()
        self._say = say
        self._callers: dict[str, Caller] = {}
        self._heard: list[News] = []
        self._rung = asyncio.Event()
        self.listening = asyncio.Event()
        """Set once the boards have come."""

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message of the live feed."""
        if message.get("kind") == "snapshot":
            self.listening.set()
        news = self.player.ear.take(message)
        if news:
            self._heard += news
            self._rung.set()

    async def do(self, actions: Sequence[Action], now: datetime) -> None:
        """See `World.do`."""
        del now
        for action in actions:
            if isinstance(action, Signals):
                self._note(action)
            heard = await do(self.player, action)
            for one in heard:
                if isinstance(one, Refused):
                    self.refused[f"{type(action).__name__} {one.code}"] += 1
            self._heard += heard

    async def wait(self, until: datetime) -> tuple[datetime, Sequence[News]]:
        """See `World.wait`."""
        timeline = self.player.timeline
        if not self._heard:
            self._rung.clear()
            try:
                async with asyncio.timeout(timeline.real_s(until)):
                    await self._rung.wait()
                await asyncio.sleep(_GATHER_S)
            except TimeoutError:
                pass
        heard, self._heard = self._heard, []
        for one in heard:
            if isinstance(one, CallTaken) and one.by_person and one.key in self._callers:
                # The exchange measures it too, whoever answers.
                await self.player.exchange(self._callers[one.key], Signal.ANSWERED, timeline.real())
        return timeline.now(), heard

    def _note(self, action: Signals) -> None:
        caller = action.caller
        if action.signal is Signal.RINGING:
            self._callers[caller.key] = caller
            words = said(self.player.setting.figures, caller)
            self._say(f"呼入 {caller.phone} {caller.name}：{words or '（挂断）'}")
        elif action.signal is not Signal.ANSWERED:
            self._callers.pop(caller.key, None)
