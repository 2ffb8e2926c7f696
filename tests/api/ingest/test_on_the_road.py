"""Vehicles that drive on roads over the gateway: on which carriageway they are, when they arrive, where they stray."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import httpx
import pytest
from factories.ascii_map import Drawing, road
from factories.fleet import CONTEXT
from factories.live import Hall, serving
from factories.on_duty import OnDuty
from factories.patience import PATIENCE_S
from factories.service import REGION, keep_network
from factories.vehicles import PLACE, Line, open_line

from dispatch.incidents.rules_places import PlaceGiven
from dispatch.incidents.service import Act
from dispatch.incidents.service_incidents import NewIncident, open_incident
from dispatch.incidents.states_incidents import Priority
from dispatch.telemetry.rules_arrivals import micros
from dispatch.telemetry.rules_payloads import PositionFix, encode_payload
from dispatch.telemetry.rules_wire import encode_frame
from dispatch.telemetry.states import Frame
from geo.network.attributes import Direction, EdgeFlag, RoadClass

pytestmark = pytest.mark.database

CARRIAGEWAY = road(RoadClass.TRUNK, direction=Direction.FORWARD, flags=EdgeFlag.DIVIDED)
PICTURE = """
    P-A------------------------------------------------------------B-Q
      |                                                            |
      D------------------------------------------------------------C
"""
UNIT = "师-07"
T = TypeVar("T")


def divided() -> Drawing:
    """Westward above, eastward below, 40 m apart and 1.2 km long; turning places at both ends."""
    ways = {"BA": CARRIAGEWAY, "DC": CARRIAGEWAY, "AD": road(), "CB": road(), "PA": road(), "BQ": road()}
    return Drawing(PICTURE, ways, names={"BA": "G314", "DC": "G314"}, cell_m=20.0)


@asynccontextmanager
async def driving(duty: OnDuty, address: str) -> AsyncIterator[Vehicle]:
    where = cast("Hall", SimpleNamespace(address=address, centre=duty))
    async with open_line(where, duty.tokens[UNIT]) as line:
        yield Vehicle(duty, line)


class Vehicle:
    """It drives on the drawing, a fix each second of the service's clock."""

    def __init__(self, duty: OnDuty, line: Line) -> None:
        self.duty, self.line, self.seq, self.map = duty, line, 0, divided()

    async def drive(self, *corners: tuple[float, float], speed_mps: float = 20.0) -> None:
        """From corner to corner, in columns and rows; it is durable after."""
        for (column, row), (to_column, to_row) in pairwise(corners):
            metres = max(abs(to_column - column), abs(to_row - row)) * self.map.cell_m
            for step in range(round(metres / speed_mps)):
                share = step * speed_mps / metres
                await self._told(column + share * (to_column - column), row + share * (to_row - row), speed_mps)
        await self.line.acked(self.seq, PLACE)

    async def _told(self, column: float, row: float, speed_mps: float) -> None:
        if self.seq:
            self.duty.later(1.0)
        self.seq += 1
        at, at_us = self.map.at(column, row), micros(self.duty.clock.now())
        fix = PositionFix(at_us, at.lat, at.lon, speed_mps, None, 12.0)
        await self.line.line.send(encode_frame(Frame(PLACE, self.seq, at_us, encode_payload(fix))))
        if self.seq == 1 or self.seq % 5 == 0:
            # The clock goes on when the service has heard: no fix is old when it comes, no clock is off.
            await self.line.acked(self.seq, PLACE)

    async def expected(self) -> None:
        """Wait until a way is expected of it."""
        watching = self.duty.service.app.state.gateway.detecting._watching

        async def known() -> bool:
            return any(one.way for one in watching._watches.get(self.duty.units[UNIT], ()))

        await until(known)


async def until(look: Callable[[], Awaitable[T]]) -> T:
    """Look until there is something."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(0.02)


async def ordered(duty: OnDuty, letter: str) -> None:
    """The unit is on its way to an incident at a letter."""
    point = divided().points[letter]
    async with duty.service.parts.database.write() as session:
        act = Act(session, duty.clock, CONTEXT, duty.service.app.state.doorkeeper.digester, REGION)
        incident = await open_incident(act, NewIncident(Priority.P2, "K03", "B", PlaceGiven(point.lat, point.lon)))
    sent = await duty.post(f"incidents/{incident.id}/assignments", unit_id=str(duty.units[UNIT]))
    assert sent.status_code == 201, sent.text
    await duty.say(UNIT, "en_route", duty.device(UNIT), run_id=str(sent.json()["id"]))


async def arrival(client: httpx.AsyncClient, left_m: float) -> dict[str, Any]:
    """The arrival of the one vehicle under way, when it is so far from its goal."""

    async def near() -> dict[str, Any] | None:
        (one,) = (await client.get("/api/assignments")).json()["arrivals"]
        return one if abs(one["distance_m"] - left_m) < 30.0 else None

    return await until(near)


async def listed(client: httpx.AsyncClient) -> Sequence[dict[str, Any]]:
    told = (await client.get("/api/detections")).json()["detections"]
    return [one for one in told if one["code"] == "vehicle.off_route"]


async def _strayed(duty: OnDuty, kind: str) -> list[Mapping[str, Any]]:
    """Lines of the journal about a way that was left."""
    return [one for one in await duty.lines(kind) if one["code"] == "vehicle.off_route"]


@pytest.fixture
async def address(duty: OnDuty) -> AsyncIterator[str]:
    """Where the service of `duty` takes WebSockets, on the divided road."""
    await keep_network(duty.service.parts, divided().network())
    await duty.service.app.state.live.ask()  # from here on vehicles are matched to these roads
    async with serving(duty.service.app, duty.service.parts.settings, lifespan="off") as found:
        yield found


async def test_an_arrival_is_that_of_the_carriageway_that_is_driven(duty: OnDuty, address: str) -> None:
    """Its fixes lie nearer to the other one, from which it would have to go round."""
    await ordered(duty, "Q")
    async with driving(duty, address) as vehicle:
        await vehicle.drive((20, 0.9), (34, 0.9))
        first = await arrival(duty.client, 32 * 20.0 + 40.0)
        assert first["low_s"] < first["eta_s"] < first["high_s"]
        await vehicle.drive((34, 0.9), (50, 0.9))
        second = await arrival(duty.client, 16 * 20.0 + 40.0)
        assert second["eta_s"] < first["eta_s"]


async def test_who_leaves_its_way_is_told_of_once_and_another_way_is_expected(duty: OnDuty, address: str) -> None:
    """It misses its turn, goes round by the other carriageway and comes back: never more than 40 m beside its way."""
    await ordered(duty, "Q")
    async with driving(duty, address) as vehicle:
        await vehicle.drive((4, 2), (8, 2))
        await vehicle.expected()
        await vehicle.drive((8, 2), (63, 2), (63, 0), (20, 0))
        told = await until(lambda: listed(duty.client))
        assert [(one["priority"], one["unit_id"]) for one in told] == [("low", str(duty.units[UNIT]))]
        # The way round, through A and D, is expected now: on it nothing is told, and after a minute it is over.
        await vehicle.expected()
        await vehicle.drive((20, 0), (2, 0), (2, 2), (63, 2))
        await until(lambda: _strayed(duty, "detection.ended"))
        assert len(await _strayed(duty, "detection.raised")) == 1
