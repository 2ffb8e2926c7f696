"""What nobody needs any more is deleted while the service runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories.desk import Desk
from factories.incidents import REGION, a_call, act_of
from sqlalchemy import func, select

from api.sweeping import KEYS_KEPT, Sweeping
from dispatch.incidents.queries_drafts import list_drafts
from dispatch.incidents.rules_drafts import KEPT_FOR
from dispatch.incidents.service_calls import NewCall, open_call
from dispatch.incidents.service_drafts import save_draft
from dispatch.incidents.tables_personal import RequestKey

pytestmark = pytest.mark.database


async def left(desk: Desk) -> tuple[int, int]:
    async with desk.database.read() as session:
        keys = await session.scalar(select(func.count()).select_from(RequestKey))
        return len(await list_drafts(session, REGION)), keys or 0


async def test_drafts_of_another_shift_and_keys_of_another_week_are_deleted(desk: Desk) -> None:
    async with desk.database.write() as session:
        act = act_of(session, desk.clock)
        await save_draft(act, (await a_call(act)).id, "01", {"notes": "示例"}, expected_version=0)
        await open_call(act, NewCall(), key="k-1")
    sweeping = Sweeping(desk.parts, every_s=0.01)
    desk.later(seconds=KEPT_FOR.total_seconds())
    await sweeping.sweep()
    assert await left(desk) == (1, 1)
    desk.later(seconds=1)
    await sweeping.sweep()
    assert await left(desk) == (0, 1)
    desk.clock.advance(KEYS_KEPT - KEPT_FOR - timedelta(seconds=1))
    await sweeping.sweep()
    assert await left(desk) == (0, 1)
    desk.later(seconds=1)
    async with sweeping.running():
        while await left(desk) != (0, 0):
            pass
