"""Running a simulated day against a service, until it is told to stop."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from api.simulator.client import Client, Say, uuid_of
from api.simulator.ear import Ear
from api.simulator.following import follow
from api.simulator.live import LiveWorld
from api.simulator.opening import open_day
from api.simulator.player import Player
from api.simulator.props import Props
from api.simulator.timeline import Timeline
from api.simulator.wishes import Wishes
from dispatch.kernel.clock import Clock
from dispatch.simulation.rules_dice import Dice
from dispatch.simulation.rules_figures import INVENTED
from dispatch.simulation.rules_places import Country
from dispatch.simulation.rules_setting import Habits, Setting
from dispatch.simulation.service_playing import play

FIX_EVERY_S: Final = 5.0
LEAST_FIX_S: Final = 2.0
STILL_EVERY_S: Final = 60.0
"""A parked vehicle's device says that it is still there: seconds of real time."""


async def run_day(
    address: str, props: Props, wishes: Wishes, *, clock: Clock, say: Say, verify: str | None = None
) -> Counter[str]:
    """Play against the service at an address; return what it refused, counted. Cancel it to stop.

    verify: the certificate to trust, of an address with https. Raises Refusal when nobody may log in.
    """
    client = Client(address, verify=verify, say=say)
    try:
        people = [one for desk in props.desks for one in (desk.dispatcher, desk.doctor)]
        played = frozenset([uuid_of((await client.person(one, "GET", "/api/session"))["id"]) for one in people])
        start = clock.now()
        timeline = Timeline(clock, start, wishes.speed)
        player = Player(
            client, props, setting_of(props, wishes, start),
            Ear({unit.id: unit.vehicle.call_sign for unit in props.units}, played), timeline,
            run_of(start), {unit.vehicle.call_sign: unit for unit in props.units},
        )  # fmt: skip
        until = None if wishes.until is None else start + (wishes.until - start) * wishes.speed
        return await _played(player, played, until, say)
    finally:
        client.close()


async def _played(player: Player, played: frozenset[UUID], until: datetime | None, say: Say) -> Counter[str]:
    world = LiveWorld(player, say)
    dispatcher = player.props.desks[0].dispatcher
    following = asyncio.create_task(follow(player.client, dispatcher, player.ear, world.hear, say))
    try:
        # What happens from now on is heard; what is asked meanwhile is how it stands.
        await world.listening.wait()
        day = await open_day(player, played)
        await play(player.setting, day, world, until=until)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    return world.refused


def run_of(start: datetime) -> str:
    """Name a day apart from all others, those of the same second too: its calls' ids in the exchange begin with it."""
    return f"SIM-{start:%y%m%dT%H%M%S}-{secrets.token_hex(4)}"


def setting_of(props: Props, wishes: Wishes, start: datetime) -> Setting:
    """Return what a day is played with."""
    calls = replace(INVENTED.calls, per_day=wishes.calls_per_day)
    habits = Habits(
        dispatcher=wishes.dispatcher,
        # A person needs their own time, however fast the day goes.
        patience_s=wishes.patience_s * wishes.speed,
        waits=wishes.speed,
        fix_every_s=max(FIX_EVERY_S, LEAST_FIX_S * wishes.speed),
        still_every_s=STILL_EVERY_S * wishes.speed,
        opening=True,
    )
    vehicles = {unit.vehicle.call_sign: unit.vehicle for unit in props.units}
    country = Country.of(props.localities)
    return Setting(replace(INVENTED, calls=calls), Dice(wishes.seed), country, vehicles, props.hospitals, start, habits)
