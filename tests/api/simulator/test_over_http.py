"""A simulated day through the public API of a real server: the exchange, crews' devices, and a person between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from factories.patience import PATIENCE_S
from factories.people import PASSWORD
from factories.played_service import OWNERS, BeganAt, PlayedService, open_played, until
from factories.service import REGION
from sqlalchemy import func, select

from api.simulator.preparing import prepare
from api.simulator.props import FILE, read_props
from api.simulator.wishes import Wishes
from dispatch.audit.service import verify
from dispatch.dispatching.tables import Assignment
from dispatch.incidents.states_patients import PatientState
from dispatch.incidents.tables_incidents import Incident
from dispatch.incidents.tables_patients import Patient
from dispatch.kernel.clock import SystemClock
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.queries_fleet import list_duty_units
from dispatch.units.states_duty import Source, UnitStatus
from dispatch.units.tables_duty import UnitStatusEntry
from dispatch.units.tables_position import UnitPosition

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]


@pytest.fixture
async def service(database_url: str, passable_path: Path) -> AsyncIterator[PlayedService]:
    async with open_played(database_url, passable_path) as made:
        yield made


async def test_a_day_is_played_to_the_end_of_an_incident(service: PlayedService) -> None:
    wishes = Wishes(seed=7, speed=400.0, calls_per_day=1.0, patience_s=0.0)

    async def closed() -> bool:
        async with service.parts.database.read() as session:
            return bool(await session.scalar(select(func.count()).where(Incident.state == "closed")))

    async with service.serving(), service.playing(wishes) as day:
        await until(closed, day)
    async with service.parts.database.read() as session:
        assert (await verify(session)).whole
        incident = (await session.scalars(select(Incident).where(Incident.state == "closed"))).first()
        assert incident is not None
        patients = (await session.scalars(select(Patient).where(Patient.incident_id == incident.id))).all()
        assert {one.state for one in patients} == {PatientState.SETTLED}
        run = (await session.scalars(select(Assignment).where(Assignment.incident_id == incident.id))).first()
        assert run is not None
        assert run.recommended_rank is not None
        told = (await session.scalars(select(UnitStatusEntry).where(UnitStatusEntry.run_id == run.id))).all()
        assert {one.actor.partition(":")[0] for one in told if one.source == Source.CREW} == {"device"}
        assert await session.scalar(select(func.count()).select_from(UnitPosition))
        actors = (await session.scalars(select(JournalLine.actor).where(JournalLine.type == "call.recorded"))).all()
        assert all(actor.startswith("device:") for actor in actors)
    assert service.said[0].startswith("呼入 1380000")


async def test_without_a_dispatcher_a_person_answers_and_sends_and_crews_obey(service: PlayedService) -> None:
    wishes = Wishes(seed=5, speed=60.0, calls_per_day=1.0, dispatcher=False)
    async with (
        service.serving(),
        service.playing(wishes) as day,
        httpx.AsyncClient(base_url=service.address, timeout=PATIENCE_S) as me,
    ):
        (await me.post("/api/session", json={"name": "dispatcher", "password": PASSWORD})).raise_for_status()

        async def ringing() -> bool:
            calls = (await me.get("/api/calls")).json()["calls"]
            return any(one["state"] == "ringing" for one in calls)

        await until(ringing, day)
        calls = (await me.get("/api/calls")).json()["calls"]
        call = next(one for one in calls if one["state"] == "ringing")
        (await me.post(f"/api/calls/{call['id']}/answer", json={})).raise_for_status()
        place = service.map.points["H"]
        body = {
            "priority": "P1",
            "complaint": "K03",
            "call_id": call["id"],
            "place": {"lat": place.lat, "lon": place.lon},
        }
        incident = (await me.post("/api/incidents", json=body)).raise_for_status().json()
        shown = (await me.post(f"/api/incidents/{incident['id']}/recommendation", json={})).raise_for_status().json()
        order = {"unit_id": shown["chosen"], "recommendation_id": shown["id"]}
        (await me.post(f"/api/incidents/{incident['id']}/assignments", json=order)).raise_for_status()

        async def arrived() -> bool:
            return bool((await me.get(f"/api/incidents/{incident['id']}")).json()["incident"]["on_scene_at"])

        async def hung_up() -> bool:
            return bool((await me.get(f"/api/calls/{call['id']}")).json()["call"]["ended_at"])

        await until(arrived, day)
        await until(hung_up, day)
        answered = (await me.get(f"/api/calls/{call['id']}")).json()["call"]
        assert answered["answered_at"] is not None
        (unit,) = [one for one in (await me.get("/api/fleet")).json()["units"] if one["id"] == shown["chosen"]]
        assert unit["assignment"]["incident_id"] == incident["id"]
    async with service.parts.database.read() as session:
        opened = await session.scalar(select(func.count()).select_from(Incident))
    assert opened == 1, "nobody but the person opens incidents"


async def test_what_a_person_has_opened_is_left_alone_by_the_simulated_dispatcher(service: PlayedService) -> None:
    wishes = Wishes(seed=5, speed=60.0, calls_per_day=1.0, patience_s=6.0)
    async with (
        service.serving(),
        service.playing(wishes) as day,
        httpx.AsyncClient(base_url=service.address, timeout=PATIENCE_S) as me,
    ):
        (await me.post("/api/session", json={"name": "dispatcher", "password": PASSWORD})).raise_for_status()
        place = service.map.points["J"]
        body = {"priority": "P2", "complaint": "K03", "place": {"lat": place.lat, "lon": place.lon}}
        mine = (await me.post("/api/incidents", json=body)).raise_for_status().json()

        async def another_was_sent() -> bool:
            return await service.lines("assignment.made") > 0

        await until(another_was_sent, day)
        seen = (await me.get(f"/api/incidents/{mine['id']}")).json()
    assert seen["assignments"] == []
    assert seen["incident"]["state"] == "open"


async def test_the_day_waits_for_a_service_that_went_away_and_goes_on(service: PlayedService) -> None:
    wishes = Wishes(seed=7, speed=60.0, calls_per_day=4_000.0, patience_s=0.0)

    async def rung(more_than: int) -> bool:
        return await service.lines("call.recorded") > more_than

    async with service.playing(wishes) as day:
        async with service.serving():
            await until(lambda: rung(1), day)
        before = await service.lines("call.recorded")

        async def complained() -> bool:
            return any("does not answer" in sentence for sentence in service.said)

        await until(complained, day)
        async with service.serving():
            await until(lambda: rung(before + 1), day)

            async def hears_again() -> bool:
                return "The live feed is there again." in service.said

            await until(hears_again, day)
    assert "The service answers again; the simulated day goes on." in service.said


async def test_what_still_rang_when_a_day_broke_off_is_hung_up_and_called_back_by_the_next(
    service: PlayedService,
) -> None:
    async with service.serving(), httpx.AsyncClient(base_url=service.address, timeout=PATIENCE_S) as me:
        (await me.post("/api/session", json={"name": "dispatcher", "password": PASSWORD})).raise_for_status()

        async def states() -> list[str]:
            return [one["state"] for one in (await me.get("/api/calls")).json()["calls"]]

        async def rings() -> bool:
            return "ringing" in await states()

        async def nobody_waits() -> bool:
            still = (await me.get("/api/calls")).json()["calls"]
            return old.isdisjoint(one["id"] for one in still)

        # Both begin in the same second, as one does that is begun again at once.
        second = SystemClock().now().replace(microsecond=0)
        broken = Wishes(seed=5, speed=60.0, calls_per_day=1.0, dispatcher=False)
        async with service.playing(broken, BeganAt(second)) as day:
            await until(rings, day)
        old = {one["id"] for one in (await me.get("/api/calls")).json()["calls"]}
        assert "ringing" in await states()
        another = Wishes(seed=6, speed=300.0, calls_per_day=1.0, patience_s=0.0)
        async with service.playing(another, BeganAt(second + timedelta(milliseconds=500))) as day:
            await until(nobody_waits, day)


async def test_what_is_played_with_is_made_once_and_kept_for_its_owner_alone(service: PlayedService) -> None:
    home = service.parts.settings.home
    path = home / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    before = await service.lines("device.added", "person.added", "crew.signed_on")
    again = await prepare(service.parts, OWNERS)
    assert again == read_props(home)
    assert msgspec.structs.replace(again, localities=()) == msgspec.structs.replace(service.props, localities=())
    assert await service.lines("device.added", "person.added", "crew.signed_on") == before
    path.unlink()
    lost = await prepare(service.parts, OWNERS)
    assert lost.exchange != again.exchange, "a token that is lost is replaced"
    async with service.parts.database.read() as session:
        units = await list_duty_units(session, REGION, service.parts.clock.now())
    assert {unit.standing.status for unit in units} == {UnitStatus.AT_STATION}
    assert all(unit.availability.available for unit in units)
