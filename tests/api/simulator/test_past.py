"""Days that have passed, played into an empty record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from factories.played_service import open_played
from factories.simulation import START
from sqlalchemy import func, select

from api.simulator.past import must_be_new, play_past
from dispatch.audit.service import verify
from dispatch.incidents.tables_incidents import Incident
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.errors import Refused
from dispatch.kernel.journal_table import JournalLine
from dispatch.units.states_duty import Source
from dispatch.units.tables_duty import UnitStatusEntry

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.soak]


async def test_a_past_day_is_written_at_its_own_time_by_those_who_played_it(
    database_url: str, passable_path: Path
) -> None:
    clock = ManualClock(START)
    async with open_played(database_url, passable_path, clock=clock) as service:
        await must_be_new(service.parts)
        said: list[str] = []
        world = await play_past(service.parts, service.props, seed=7, days=1, say=said.append, calls_per_day=6.0)
        assert clock.now() == START + timedelta(days=1)
        assert len(said) == 1
        assert world.done > 100
        async with service.parts.database.read() as session:
            assert (await verify(session)).whole
            first, last = (
                await session.execute(select(func.min(JournalLine.recorded_at), func.max(JournalLine.recorded_at)))
            ).one()
            assert first >= START
            assert last <= clock.now()
            assert await session.scalar(select(func.count()).where(Incident.state == "closed"))
            by_crews = select(UnitStatusEntry.actor).where(UnitStatusEntry.source == Source.CREW)
            actors = {actor.partition(":")[0] for actor in await session.scalars(by_crews)}
            assert actors == {"device"}
        # The same folder, asked for its past again.
        earlier = replace(service.parts, clock=ManualClock(START))
        with pytest.raises(Refused, match="record already"):
            await must_be_new(earlier)
