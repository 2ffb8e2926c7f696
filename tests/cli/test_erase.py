"""`tarim erase` as a person calls it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from factories.command import ROOT, Ended, environment
from factories.dispatching import make_centre
from factories.forks import run_command
from factories.incidents import REGION

from dispatch.incidents.rules_places import PlaceGiven
from dispatch.kernel.db import Database

pytestmark = [pytest.mark.database, pytest.mark.slow]
WHY = ("--region", REGION, "--basis", "request", "--reference", "PIPL-2026-17")


async def test_an_incident_is_erased_by_its_number_and_its_id(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    centre = await make_centre(database)
    place = PlaceGiven(lat=41.168, lon=80.268, words="示例路12号2单元301")
    incident = await centre.incident(place=place)

    async def tarim(*words: str) -> Ended:
        settings = environment(tmp_path) | {"TARIM_DATABASE_URL": database_url}
        return Ended(*await asyncio.to_thread(run_command, ["erase", *words], ROOT, settings))

    done = await tarim("incident", "2026-000001", *WHY)
    assert (done.code, done.out) == (0, "1 values erased.\n"), done.err
    again = await tarim("incident", str(incident), *WHY, "--json")
    assert json.loads(again.out)["values"] == 0
    nothing = await tarim("incident", "2026-999999", *WHY)
    assert (nothing.code, "no incident" in nothing.err) == (1, True)
    shown = await tarim("phone", "13812341234", *WHY)
    assert (shown.code, "write -" in shown.err) == (2, True)
    named = await tarim("incident", str(incident), "--region", REGION, "--basis", "request", "--reference", "张 三")
    assert named.code == 1
