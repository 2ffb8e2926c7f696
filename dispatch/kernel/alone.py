"""A session whose process alone writes: what it has read or written of a row is still so, and is not asked for again.

For a play of days into an empty record, where nobody else is. A service that others write beside never has it: without
an `AloneSession` every question here answers None, and the rows are read and locked as always.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, FromClause, Select, Table, event, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.util import await_only

from dispatch.kernel.alone_known import ALONE, MANY, Known
from dispatch.kernel.alone_rows import RowsWaiting, touched_tables
from dispatch.kernel.alone_tables import in_order, neighbours, tables_of

Made = TypeVar("Made")
Given = ParamSpec("Given")
_ATTEMPT: Final = "tarim_attempt"


@dataclass(slots=True)
class _Attempt:
    """What may be refused as a whole. begun: whether it has a savepoint.

    before: rows that waited already. inside: those of them that were written behind the savepoint.
    """

    before: RowsWaiting
    inside: RowsWaiting = field(default_factory=RowsWaiting)
    begun: bool = False


@dataclass(slots=True)
class _Alone:
    session: AsyncSession
    known: Known = field(default_factory=Known)
    rows: RowsWaiting = field(default_factory=RowsWaiting)
    appends: list[tuple[Any, ...]] = field(default_factory=list)
    marks: WeakKeyDictionary[SessionTransaction, int] = field(default_factory=WeakKeyDictionary)
    """How many appends waited as each transaction began."""
    attempt: _Attempt | None = None
    driver: Any = None
    """asyncpg's connection, while a transaction is open on it."""

    def added(self, session: Session, row: object) -> None:
        self.known.added(session, inspect(row))

    def begun(self, _session: object, transaction: SessionTransaction) -> None:
        self.marks[transaction] = len(self.appends)

    def ended(self, _session: object, transaction: SessionTransaction) -> None:
        if transaction.parent is None:
            self.driver = None
            if len(self.known.rows) > MANY:
                self.known.forget()

    def rolled_back(self, _session: object, transaction: SessionTransaction) -> None:
        self.known.forget()
        self.rows = RowsWaiting()
        del self.appends[self.marks[transaction] :]


class _Inner(Session):
    """Writes what waits by `RowsWaiting`; by SQLAlchemy's own unit of work only what that does not take."""

    def _is_clean(self) -> bool:
        alone = _of(self)
        waits = alone.rows or (alone.attempt is not None and alone.attempt.before)
        return not waits and super()._is_clean()

    def _flush(self, objects: Sequence[Any] | None = None) -> None:
        alone = _of(self)
        taken = alone.rows.take(self)
        await_only(_write_taken(alone, None))
        if not taken:
            await_only(_begin(alone))
            super()._flush(objects)

    def begin_nested(self) -> SessionTransaction:
        """As SQLAlchemy does, inside the savepoint of what is attempted."""
        await_only(_begin(_of(self)))
        return super().begin_nested()


class AloneSession(AsyncSession):
    """Keeps what it learns until it is closed; what is rolled back takes all that it knows with it.

    Rows are written together: before a question about their tables, a savepoint and a commit, not whenever somebody
    says `flush`.
    """

    sync_session_class = _Inner

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as the session takes them
        super().__init__(*args, autoflush=False, **options)
        alone, inner = _Alone(self), self.sync_session
        self.info[ALONE] = alone
        event.listen(inner, "before_flush", in_order)
        event.listen(inner, "transient_to_pending", alone.added)
        event.listen(inner, "after_transaction_create", alone.begun)
        event.listen(inner, "after_transaction_end", alone.ended)
        event.listen(inner, "after_soft_rollback", alone.rolled_back)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Leave it for later; `write_now` does not."""

    async def execute(self, statement: Executable, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as it is there
        """Write first what the statement must see."""
        await self._ready(statement)
        return await super().execute(statement, *args, **options)

    async def scalar(self, statement: Executable, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the same
        """Write first what the statement must see."""
        await self._ready(statement)
        return await super().scalar(statement, *args, **options)

    async def scalars(self, statement: Executable, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the same
        """Write first what the statement must see."""
        await self._ready(statement)
        return await super().scalars(statement, *args, **options)

    async def get(self, entity: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the same
        """Write first what it may be."""
        await write_for(self, frozenset((inspect(entity).local_table.name,)))
        return await super().get(entity, *args, **options)

    async def refresh(self, instance: object, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the same
        """Write first what it is."""
        await write_now(self)
        await super().refresh(instance, *args, **options)

    async def _ready(self, statement: Executable) -> None:
        if isinstance(statement, Select):
            await write_for(self, tables_of(statement))
        elif isinstance(statement, UpdateBase):
            await write_beside(self, statement.table, tables_of(statement))
        else:
            _of(self).known.forget_families()
            await write_all(self)


def _of(session: Session | AsyncSession) -> _Alone:
    alone: _Alone = session.info[ALONE]
    return alone


def is_alone(session: AsyncSession) -> bool:
    """Whether nobody else writes while this session is open."""
    return ALONE in session.info


async def aside(session: AsyncSession, work: Callable[Given, Made], *args: Given.args, **options: Given.kwargs) -> Made:
    """Compute in a thread, so that others are served meanwhile; here and now where there are no others."""
    if is_alone(session):
        return work(*args, **options)
    return await asyncio.to_thread(work, *args, **options)


async def write_now(session: AsyncSession, *of: type[DeclarativeBase]) -> None:
    """Write what waits, in any session: for who must hear what the database refuses, or asks past the session.

    of: only rows of these tables, and what they refer to, need be written.
    """
    if is_alone(session):
        await _write(session, frozenset(one.__tablename__ for one in of) or None)
    else:
        await session.flush()


async def write_for(session: AsyncSession, tables: frozenset[str]) -> None:
    """Write what waits where a question asks for these tables."""
    alone = _of(session)
    waits = alone.rows or (alone.attempt is not None and alone.attempt.before)
    if waits or not tables.isdisjoint(touched_tables(session.sync_session)):
        await _write(session, tables)


async def write_beside(session: AsyncSession, table: FromClause, reads: frozenset[str] = frozenset()) -> None:
    """Write what waits where somebody writes to this table past the session."""
    alone = _of(session)
    if isinstance(table, Table):
        alone.known.forget_table(table.name)
        await write_for(session, reads | neighbours(table))
    else:
        await _write(session, None)
    await _begin(alone)


async def write_all(session: AsyncSession) -> None:
    """Write what waits, for somebody who writes past the session."""
    await _write(session, None)
    await _begin(_of(session))


async def driver_alone(session: AsyncSession) -> Any:  # noqa: ANN401 - asyncpg's connection
    """Asyncpg's connection, inside a transaction. What waits is not written for it."""
    alone = _of(session)
    if alone.driver is None:
        raw = await (await session.connection()).get_raw_connection()
        driver = raw.driver_connection
        if driver is None or not driver.is_in_transaction():
            # SQLAlchemy begins with the first statement that goes through it.
            await AsyncSession.execute(session, text("SELECT"))
            driver = raw.driver_connection
        alone.driver = driver
    return alone.driver


async def _write(session: AsyncSession, tables: frozenset[str] | None) -> None:
    alone = _of(session)
    if alone.rows.take(session.sync_session):
        await _write_taken(alone, tables)
    else:
        await AsyncSession.flush(session)


async def _write_taken(alone: _Alone, tables: frozenset[str] | None) -> None:
    attempt = alone.attempt
    if attempt is not None:
        # What is written behind it may refer to what waited before, in tables that nobody asks for.
        before = attempt.before.part(alone.rows.reach(tables))
        if before:
            if attempt.begun:
                attempt.inside.absorb(before)
            await before.write(await driver_alone(alone.session))
    rows = alone.rows.part(tables)
    if rows:
        await _begin(alone)
        await rows.write(await driver_alone(alone.session))


async def _begin(alone: _Alone) -> None:
    """Let what is attempted have its savepoint before it writes."""
    attempt = alone.attempt
    if attempt is not None and not attempt.begun:
        await (await driver_alone(alone.session)).execute(f"SAVEPOINT {_ATTEMPT}")
        attempt.begun = True


@asynccontextmanager
async def attempt(session: AsyncSession) -> AsyncIterator[None]:
    """Do something that leaves nothing behind if it raises: inside a savepoint.

    Who is alone has that savepoint only as soon as something is written, which is seldom before what is refused is
    refused.
    """
    if not is_alone(session) or _of(session).attempt is not None:
        async with session.begin_nested():
            yield
        return
    alone = _of(session)
    if not alone.rows.take(session.sync_session):
        await AsyncSession.flush(session)
    made, appends = _Attempt(alone.rows), len(alone.appends)
    alone.attempt, alone.rows = made, RowsWaiting()
    try:
        yield
    except BaseException:
        alone.attempt = None
        if made.begun:
            back = f"ROLLBACK TO SAVEPOINT {_ATTEMPT}; RELEASE SAVEPOINT {_ATTEMPT}"
            await (await driver_alone(session)).execute(back)
        # What was read or changed meanwhile is read again as it was.
        session.expunge_all()
        alone.known.forget()
        alone.rows = made.inside
        alone.rows.absorb(made.before)
        del alone.appends[appends:]
        raise
    alone.attempt = None
    if made.begun:
        await (await driver_alone(session)).execute(f"RELEASE SAVEPOINT {_ATTEMPT}")
    made.before.absorb(alone.rows)
    alone.rows = made.before


def waiting_appends(session: AsyncSession) -> list[tuple[Any, ...]] | None:
    """What waits for the journal until the transaction's end, in its order; None where nothing has to wait."""
    return _of(session).appends if is_alone(session) else None
