"""Past SQLAlchemy to the driver, inside the session's transaction: for what is asked without pause, or in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Insert, Select, Table, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from dispatch.kernel.alone import driver_alone, is_alone, write_all, write_beside, write_for, write_now
from dispatch.kernel.alone_tables import tables_of


async def driver_of(session: AsyncSession, *writes: type[DeclarativeBase]) -> Any:  # noqa: ANN401 - asyncpg's connection
    """Return asyncpg's connection, inside the session's transaction, after what the session still had to write.

    writes: the tables that are written by it and no other is asked for; of others rows may wait on.
    """
    if is_alone(session):
        for table in writes:
            await write_beside(session, table.__table__)
        if not writes:
            await write_all(session)
        return await driver_alone(session)
    if session.new or session.dirty or session.deleted:
        await write_now(session)
    raw = await (await session.connection()).get_raw_connection()
    driver = raw.driver_connection
    if driver is None or not driver.is_in_transaction():
        # SQLAlchemy begins with the first statement that goes through it.
        await session.execute(text("SELECT"))
        driver = raw.driver_connection
    return driver


class Prepared:
    """A question of plain columns, put into SQL once. Its rows are the driver's own: nothing is made of them."""

    def __init__(self, query: Select[*tuple[Any, ...]] | Insert) -> None:
        compiled = query.compile(dialect=PGDialect_asyncpg())  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
        self._sql = str(compiled)
        self._reads = tables_of(query) if isinstance(query, Select) else None
        self._writes = query.table if isinstance(query, Insert) else None
        # Values that stand in the query itself, and the names of those that come with each question.
        self._values = [compiled.params[name] for name in compiled.positiontup or ()]
        self._places = {name: place for place, name in enumerate(compiled.positiontup or ())}

    async def many(self, session: AsyncSession, rows: Iterable[Mapping[str, object]]) -> None:
        """Do it once for each of these values, on one way there and back."""
        driver = await self._driver(session)
        await driver.executemany(self._sql, [self._given(values) for values in rows])

    async def rows(self, session: AsyncSession, **values: object) -> list[tuple[Any, ...]]:
        """Ask with a value for each `bindparam`; the rows are tuples."""
        driver = await self._driver(session)
        found: list[tuple[Any, ...]] = await driver.fetch(self._sql, *self._given(values))
        return found

    async def _driver(self, session: AsyncSession) -> Any:  # noqa: ANN401 - asyncpg's connection
        if not is_alone(session):
            return await driver_of(session)
        if isinstance(self._writes, Table):
            await write_beside(session, self._writes)
        elif self._reads is not None:
            await write_for(session, self._reads)
        else:
            await write_all(session)
        return await driver_alone(session)

    def _given(self, values: Mapping[str, object]) -> list[object]:
        given = list(self._values)
        for name, value in values.items():
            given[self._places[name]] = value
        return given
