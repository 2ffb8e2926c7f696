"""A region's own cards: imported whole or not at all, each version kept."""

from __future__ import annotations

import pytest
from factories.fleet import CONTEXT, START
from factories.incidents import REGION
from sqlalchemy import select, update

from dispatch.cards.rules_reading import BadCards, builtin_cards, builtin_text, good_cards
from dispatch.cards.service_sets import CardLibrary, import_cards
from dispatch.cards.tables import CardSetRow
from dispatch.kernel.clock import ManualClock
from dispatch.kernel.db import Database
from dispatch.kernel.journal_table import JournalLine

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("region")]
CLOCK = ManualClock(START)
OWN = builtin_text().replace('version = "2026.11"', 'version = "aksu-1"').replace("他清醒吗？", "病人清醒吗？")


async def bring_in(database: Database, text: str) -> int:
    async with database.write() as session:
        return (await import_cards(session, CLOCK, CONTEXT, REGION, text)).version


async def version_in_force(database: Database, library: CardLibrary) -> str:
    async with database.read() as session:
        return (await library.present(session, REGION)).version


async def test_own_cards_count_at_once_in_every_process_and_can_be_taken_back(database: Database) -> None:
    here, there = CardLibrary(), CardLibrary()
    assert await version_in_force(database, here) == builtin_cards().version
    assert await bring_in(database, OWN) == 1
    assert [await version_in_force(database, library) for library in (here, there, here)] == ["aksu-1"] * 3
    assert await bring_in(database, OWN) == 1, "the same again is no new version"
    assert await bring_in(database, "") == 2
    assert await version_in_force(database, here) == builtin_cards().version
    async with database.read() as session:
        kept = (await session.execute(select(CardSetRow.version, CardSetRow.text).order_by(CardSetRow.version))).all()
        told = await session.scalars(
            select(JournalLine.payload).where(JournalLine.type == "region.cards_imported").order_by(JournalLine.seq)
        )
    assert [tuple(row) for row in kept] == [(1, OWN), (2, "")]
    assert [(line["version"], line["cards_version"]) for line in told] == [(1, "aksu-1"), (2, "2026.11")]


async def test_a_set_with_a_fault_changes_nothing(database: Database) -> None:
    with pytest.raises(BadCards) as caught:
        await bring_in(database, OWN.replace('letters = "AB"', 'letters = "AX"'))
    assert [fault.place for fault in caught.value.faults] == ["cards.K01.needs[0].letters"]
    assert await version_in_force(database, CardLibrary()) == builtin_cards().version


async def test_cards_that_this_program_cannot_read_give_way_to_the_built_in_ones(database: Database) -> None:
    await bring_in(database, OWN)
    async with database.write() as session:
        await session.execute(update(CardSetRow).values(text="version = 7", digest="of another program"))
    assert await version_in_force(database, CardLibrary()) == builtin_cards().version


def test_the_own_text_is_good() -> None:
    assert good_cards(OWN).questions["a"].zh.startswith("病人")
