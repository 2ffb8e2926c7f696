"""Past SQLAlchemy to the driver, inside the session's transaction: for what is asked without pause, or in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Insert, Select, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.alone import write_now


async def driver_of(session: AsyncSession) -> Any:  # noqa: ANN401 - asyncpg's own connection behind SQLAlchemy's
    """Return asyncpg's connection, inside the session's transaction, after what the session still had to write."""
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
        # Values that stand in the query itself, and the names of those that come with each question.
        self._values = [compiled.params[name] for name in compiled.positiontup or ()]
        self._places = {name: place for place, name in enumerate(compiled.positiontup or ())}

    async def many(self, session: AsyncSession, rows: Iterable[Mapping[str, object]]) -> None:
        """Do it once for each of these values, on one way there and back."""
        driver = await driver_of(session)
        await driver.executemany(self._sql, [self._given(values) for values in rows])

    async def rows(self, session: AsyncSession, **values: object) -> list[tuple[Any, ...]]:
        """Ask with a value for each `bindparam`; the rows are tuples."""
        driver = await driver_of(session)
        found: list[tuple[Any, ...]] = await driver.fetch(self._sql, *self._given(values))
        return found

    def _given(self, values: Mapping[str, object]) -> list[object]:
        given = list(self._values)
        for name, value in values.items():
            given[self._places[name]] = value
        return given
