"""What organisations lend to each other now, and who there is to lend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.accounts.tables import Organisation
from dispatch.dispatching.rules_sharing import OPEN, Party, ShareRule, SharingPolicy
from dispatch.dispatching.tables import SharingRow
from dispatch.kernel.alone_known import know_answer, known_answer
from dispatch.kernel.organisations import System
from dispatch.units.tables import Unit


@dataclass(frozen=True, slots=True)
class Sharing:
    """A policy with its version, by whom and since when; version 0 while nobody ever set one: all is lent."""

    version: int
    policy: SharingPolicy
    at: datetime | None = None
    actor: str = ""


UNSET: Final = Sharing(0, OPEN)


async def get_sharing(session: AsyncSession, region: str) -> Sharing:
    """What counts in a region now."""
    known: Sharing | None = known_answer(session, SharingRow, region)
    if known is not None:
        return known
    sharing = await _sharing(session, region)
    know_answer(session, SharingRow, region, sharing)
    return sharing


async def _sharing(session: AsyncSession, region: str) -> Sharing:
    found = await session.scalar(
        select(SharingRow).where(SharingRow.region == region).order_by(SharingRow.version.desc()).limit(1)
    )
    if found is None:
        return UNSET
    rules = msgspec.convert(found.rules, tuple[ShareRule, ...])
    return Sharing(found.version, SharingPolicy(rules), found.at, found.actor)


async def list_owners(session: AsyncSession) -> dict[str, Party]:
    """Every organisation with accounts, by its code."""
    known: dict[str, Party] | None = known_answer(session, Organisation, "owners")
    if known is None:
        rows = await session.execute(select(Organisation.code, Organisation.system))
        known = {row.code: Party(row.code, row.system) for row in rows}
        know_answer(session, Organisation, "owners", known)
    return known


async def list_parties(session: AsyncSession, region: str) -> frozenset[str]:
    """Whoever a rule may name: organisations with accounts, those that own units of the region, and the systems."""
    accounts = await session.scalars(select(Organisation.code))
    owners = await session.scalars(select(Unit.organisation).where(Unit.region == region).distinct())
    return frozenset(accounts) | frozenset(owners) | frozenset(map(str, System))
