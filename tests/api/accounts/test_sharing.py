"""Many requests of one session at the same moment cost one look-up."""

from __future__ import annotations

import asyncio

import pytest
from factories.doors import House

from api.auth import Doorkeeper
from dispatch.accounts.rules_permissions import Principal

pytestmark = pytest.mark.database


async def test_requests_at_the_same_moment_share_a_look_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = await house.logged_in("supervisor")
    asked = 0
    plain = Doorkeeper._person

    async def counted(self: Doorkeeper, hashed: bytes) -> Principal | None:
        nonlocal asked
        asked += 1
        return await plain(self, hashed)

    monkeypatch.setattr(Doorkeeper, "_person", counted)
    house.later(60)
    answers = await asyncio.gather(*(client.get("/api/journal") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert asked < 5
    await client.delete("/api/session")
    assert (await client.get("/api/journal")).status_code == 401
