"""Playing a day: step by step, in whatever world carries the actions out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dispatch.simulation.rules_actions import Action
from dispatch.simulation.rules_day import Day
from dispatch.simulation.rules_news import News
from dispatch.simulation.rules_setting import Setting
from dispatch.simulation.rules_step import step


class World(Protocol):
    """Where a day is played: the services themselves with a clock moved by hand, or a running service behind its API.

    Times are those of the day: a world that plays faster than its clock goes translates them.
    """

    async def do(self, actions: Sequence[Action], now: datetime) -> None:
        """Carry actions out, in their order; what they lead to is heard at the next `wait`. `now` is the step's time.

        What the service refuses is heard as `Refused`. Raises nothing for it.
        """
        ...

    async def wait(self, until: datetime) -> tuple[datetime, Sequence[News]]:
        """Wait until a time, or until something is heard; return the time that it is then, and what was heard."""
        ...


async def play(
    setting: Setting, day: Day, world: World, *, until: datetime | None = None, begin_at: datetime | None = None
) -> Day:
    """Play from the setting's start, or from later on, until a time or for ever; return the day as it is then."""
    now: datetime = begin_at or setting.start
    news: Sequence[News] = ()
    while until is None or now < until:
        made = step(setting, day, now, news)
        day = made.day
        if made.actions:
            await world.do(made.actions, now)
        now, news = await world.wait(made.next_at if until is None else min(made.next_at, until))
    return day
