"""Two hospitals, and patients for whom one of them is chosen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from factories.dispatching import Centre
from factories.fleet import CONTEXT, table
from factories.people import CIVIL, CORPS
from sqlalchemy import select

from dispatch.hospitals.service import import_hospitals
from dispatch.hospitals.tables import Hospital
from dispatch.kernel.journal_table import JournalLine
from dispatch.receiving.service import Chosen, choose_destination
from dispatch.receiving.states import ChoiceReason, Pathway
from dispatch.receiving.tables import DestinationRanking


async def hospitals(centre: Centre) -> tuple[UUID, UUID]:
    """The keys of two hospitals, one of each organisation."""
    rows = [
        {"id": code, "name_zh": f"示例医院{code}", "organisation": owner, "system": system, "lat": lat, "lon": "80.26"}
        for code, owner, system, lat in (("h1", CIVIL, "地方", "41.17"), ("h2", CORPS, "兵团", "41.19"))
    ]
    async with centre.database.write() as session:
        report = await import_hospitals(session, centre.clock, CONTEXT, "aksu", table(*rows))
        assert report.ok, report.errors
        found = {row.code: row.id for row in await session.scalars(select(Hospital))}
    return found["h1"], found["h2"]


async def choose(
    centre: Centre, patient_id: UUID, hospital_id: UUID, unit_id: UUID | None = None, pathway: Pathway = Pathway.CHEST
) -> None:
    """Choose a hospital for a patient, as from a ranking in which it is the only one."""
    async with centre.database.write() as session:
        act = centre.act(session)
        body = [{"hospital_id": str(hospital_id), "eta_s": 60.0, "counted_s": 60.0, "free_beds": None, "remarks": []}]
        row = DestinationRanking(
            id=act.new_id(), patient_id=patient_id, unit_id=unit_id, at=act.clock.now(), actor=act.actor,
            pathway=pathway, unheld=None, network_version="none", overlay_version=0, body=body,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        await choose_destination(act, patient_id, Chosen(row.id, hospital_id, ChoiceReason.CONDITION))


async def lines(centre: Centre, begins: str) -> list[dict[str, Any]]:
    """The type and payload of the journal's lines whose type begins so."""
    async with centre.database.read() as session:
        wanted = (
            select(JournalLine.type, JournalLine.payload)
            .where(JournalLine.type.startswith(begins))
            .order_by(JournalLine.seq)
        )
        return [{"type": row[0], "payload": row[1]} for row in await session.execute(wanted)]
