"""A region's own set of cards: kept by version, read once in a process. Nothing here commits."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.cards.events import CardsImported
from dispatch.cards.queries import Present, get_set_text, present_set
from dispatch.cards.rules_reading import BadCards, builtin_cards, good_cards
from dispatch.cards.rules_set import CardSet
from dispatch.cards.tables import CardSetRow
from dispatch.kernel import journal
from dispatch.kernel.actor import Context
from dispatch.kernel.clock import Clock
from dispatch.kernel.errors import Conflict

_KEPT: Final = 4

log = structlog.get_logger("tarim.cards")


class CardLibrary:
    """The sets that this process has read, by the digest of their files."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, CardSet] = OrderedDict()

    async def present(self, session: AsyncSession, region: str) -> CardSet:
        """The set that counts in a region now. One that this program cannot read gives way to the built-in one."""
        found = await present_set(session, region)
        if not found.digest:
            return builtin_cards()
        if found.digest not in self._read:
            text = await get_set_text(session, region, found.version)
            try:
                self._read[found.digest] = good_cards(text)
            except BadCards as error:
                # Kept by another version of the program: calls are taken all the same.
                log.exception("the region's own cards cannot be read; the built-in ones are used", reason=error.message)
                self._read[found.digest] = builtin_cards()
            while len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return self._read[found.digest]


async def import_cards(session: AsyncSession, clock: Clock, context: Context, region: str, text: str) -> Present:
    """Make the set in a file the region's; "" goes back to the built-in one. The same again changes nothing.

    Raises: BadCards: `cards.invalid`, with all faults. Conflict: `cards.outdated`, another import was quicker.
    """
    cards = good_cards(text) if text else None
    digest = cards.digest if cards else ""
    before = await present_set(session, region)
    if before.digest == digest:
        return before
    version = before.version + 1
    cards_version = (cards or builtin_cards()).version
    kept = await session.scalar(
        insert(CardSetRow)
        .values(
            region=region, version=version, text=text, digest=digest, cards_version=cards_version, at=clock.now(),
            actor=str(context.actor),
        )
        .on_conflict_do_nothing()
        .returning(CardSetRow.version)
    )  # fmt: skip
    if kept is None:
        raise Conflict(
            "cards.outdated", "Another set was brought in at the same moment.", "Look at it, then try again."
        )
    told = CardsImported(region=region, version=version, cards_version=cards_version, digest=digest)
    await journal.append(session, clock, context, [told])
    return Present(version, digest)
