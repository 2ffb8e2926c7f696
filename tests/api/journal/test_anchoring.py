"""The record is watched while the service runs: anchors are written by one process, and a changed journal is told."""

from __future__ import annotations

import asyncpg
from factories.fleet import CONTEXT
from factories.service import REGION, Service

from api.loops import Anchoring
from dispatch.kernel.anchors import FILE, Anchor, AnchorFile, set_aside
from dispatch.roads.rules import ClosureDraft
from dispatch.roads.service import add_closure


async def _close(service: Service) -> None:
    draft = ClosureDraft(reason="示例 flood", author="示例", centre=service.map.points["B"], radius_m=20.0)
    async with service.parts.database.write() as session:
        await add_closure(session, service.parts.clock, CONTEXT, REGION, draft)


async def _anchored(service: Service) -> Anchor:
    """Anchor what the journal holds now, whatever was anchored before."""
    file = AnchorFile(service.parts.settings.home / FILE)
    file.path.unlink(missing_ok=True)
    await service.app.state.anchoring.look()
    last = file.last()
    assert last is not None
    return last


async def _tamper(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("ALTER TABLE journal DISABLE TRIGGER ALL")
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_one_process_at_a_time_writes_anchors_and_the_next_takes_over(service: Service) -> None:
    file = AnchorFile(service.parts.settings.home / FILE)
    app_own = service.app.state.anchoring
    first = await _anchored(service)
    second = Anchoring(service.parts)
    await _close(service)
    file.path.unlink()
    await second.look()
    assert file.last() is None, "it is the other one's turn"
    await app_own._turn.give_up()
    await second.look()
    newest = file.last()
    assert newest is not None
    assert newest.seq == first.seq + 1
    await second._turn.give_up()


async def test_a_rewritten_line_is_an_alarm_that_health_tells_until_it_is_settled(service: Service) -> None:
    last = await _anchored(service)
    assert (await service.client.get("/api/health")).json()["status"] == "ok"
    await _tamper(service.parts.url, "UPDATE journal SET hash = sha256('x') WHERE seq = (SELECT max(seq) FROM journal)")
    await _close(service)
    await service.app.state.anchoring.look()
    told = (await service.client.get("/api/health")).json()
    assert told["status"] == "degraded"
    assert f"Line {last.seq} of the journal is not the one that was anchored before." in told["problem"]
    kept = set_aside(service.parts.settings.home / FILE, service.parts.clock.now())
    assert kept is not None
    assert kept.is_file()
    await service.app.state.anchoring.look()
    assert (await service.client.get("/api/health")).json()["status"] == "ok"


async def test_a_cut_tail_is_an_alarm_in_a_process_without_the_turn_too(service: Service) -> None:
    await _anchored(service)
    await _tamper(service.parts.url, "DELETE FROM journal WHERE seq > 2")
    second = Anchoring(service.parts)
    await second.look()
    assert second.problem.startswith("The journal ends at line 2, but line")
