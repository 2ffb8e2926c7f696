"""Bringing a region's records of one kind to what a file says: a plan made purely, then carried out all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.clock import Clock
from dispatch.kernel.db import Base
from dispatch.kernel.errors import Conflict
from dispatch.kernel.findings import Counts
from dispatch.kernel.ids import new_id

Values = Mapping[str, Any]
_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be added, changed (id and all values named by the file), left and removed."""

    added: tuple[Values, ...]
    updated: tuple[tuple[UUID, Values], ...]
    unchanged: int
    removed: tuple[UUID, ...]

    @property
    def counts(self) -> Counts:
        """The plan in figures."""
        return Counts(len(self.added), len(self.updated), self.unchanged, len(self.removed))


def plan(present: Sequence[Values], wanted: Sequence[Values], *, key: str, replace: bool) -> Plan:
    """Compare what is there (rows with `id`) with what a file wants, by the value of `key`.

    A record is changed only in the values that the file names. Without `replace` nothing is removed. Two wanted
    records never share a key; the reader of the file has seen to that.
    """
    there = {row[key]: row for row in present}
    added: list[Values] = []
    updated: list[tuple[UUID, Values]] = []
    kept: set[Any] = set()
    for values in wanted:
        row = there.get(values[key])
        if row is None:
            added.append(values)
            continue
        kept.add(values[key])
        if any(row[name] != value for name, value in values.items()):
            updated.append((row["id"], values))
    removed = tuple(row["id"] for value, row in there.items() if value not in kept) if replace else ()
    return Plan(tuple(added), tuple(updated), len(kept) - len(updated), removed)


async def present_rows(session: AsyncSession, table: type[Base], region: str) -> list[Values]:
    """All records of a region as mappings by column name."""
    columns = table.__table__.columns
    found = await session.execute(select(*columns).where(columns["region"] == region))
    return [row._asdict() for row in found]


async def carry_out(
    session: AsyncSession, clock: Clock, table: type[Base], region: str, plan: Plan, *, dry_run: bool
) -> None:
    """Write a plan, or on a dry run write it and take it back, so that the database's own rules are asked too.

    The region's row must be locked. Objects of this table that the session holds are expired: ask for them again.

    Raises:
        Conflict: `import.in_use`, something still refers to a record that would be removed.
    """
    step = await session.begin_nested()
    try:
        for group in _batches(plan.removed):
            columns = table.__table__.columns
            await session.execute(
                delete(table).where(columns["region"] == region, columns["id"].in_(group)),
                execution_options={"synchronize_session": False},
            )
        # Only a group with the same columns can be written in one statement; files name them alike for every row.
        for changes in _batches(plan.updated):
            await session.execute(update(table), [{"id": row_id, **values} for row_id, values in changes])
        for rows in _batches(plan.added):
            await session.execute(insert(table), [{"id": new_id(clock), "region": region, **values} for values in rows])
    except IntegrityError as error:
        await step.rollback()
        if isinstance(getattr(error.orig, "__cause__", None), asyncpg.ForeignKeyViolationError):
            raise Conflict(
                "import.in_use",
                "Something still refers to a record that the file leaves out.",
                "Import without replacing, or keep these records in the file.",
            ) from error
        raise
    if dry_run:
        await step.rollback()
    else:
        await step.commit()
    for held in session:
        if isinstance(held, table):
            session.expire(held)


def _batches(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[begin : begin + _BATCH] for begin in range(0, len(items), _BATCH)]
