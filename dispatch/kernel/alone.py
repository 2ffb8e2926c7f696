"""A session whose process alone writes: what it has read or written of a row is still so, and is not asked for again.

For a play of days into an empty record, where nobody else is. A service that others write beside never has it: without
an `AloneSession` every question here answers None, and the rows are read and locked as always.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import FromClause, MetaData, event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, UOWTransaction, object_mapper
from sqlalchemy.orm.unitofwork import _SaveUpdateAll

Row = TypeVar("Row", bound=DeclarativeBase)
_ALONE: Final = "tarim.alone"


@dataclass(slots=True)
class _Alone:
    rows: dict[Any, DeclarativeBase] = field(default_factory=dict)
    appends: list[tuple[Any, ...]] = field(default_factory=list)
    marks: WeakKeyDictionary[SessionTransaction, int] = field(default_factory=WeakKeyDictionary)
    """How many appends waited as each transaction began."""

    def begun(self, _session: object, transaction: SessionTransaction) -> None:
        self.marks[transaction] = len(self.appends)

    def rolled_back(self, _session: object, transaction: SessionTransaction) -> None:
        self.rows.clear()
        del self.appends[self.marks[transaction] :]


class AloneSession(AsyncSession):
    """Keeps what it learns until it is closed; what is rolled back takes all that it knows with it.

    Rows are written together: before a question, a savepoint and a commit, not whenever somebody says `flush`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as the session takes them
        super().__init__(*args, **options)
        _begin(self)

    async def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Leave it for later; `write_now` does not."""


async def write_now(session: AsyncSession) -> None:
    """Write what waits, in any session: for who must hear what the database refuses, or asks past the session."""
    await AsyncSession.flush(session)


def _in_order(session: Session, flush: UOWTransaction, _instances: object) -> None:
    """Let rows be written table by table, those that others refer to first: rows of several acts come together here."""
    rows: list[DeclarativeBase] = [*session.new, *session.dirty]
    if rows:
        places = _places(rows[0].metadata)
        mappers = sorted({object_mapper(row).base_mapper for row in rows}, key=lambda one: places[one.local_table])
        steps = [_SaveUpdateAll(flush, one) for one in mappers]  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
        flush.dependencies.update(pairwise(steps))


@lru_cache(maxsize=1)
def _places(metadata: MetaData) -> Mapping[FromClause, int]:
    return {table: place for place, table in enumerate(metadata.sorted_tables)}


def _begin(session: AsyncSession) -> None:
    alone, inner = _Alone(), session.sync_session
    session.info[_ALONE] = alone
    event.listen(inner, "before_flush", _in_order)
    event.listen(inner, "after_transaction_create", alone.begun)
    event.listen(inner, "after_soft_rollback", alone.rolled_back)


def is_alone(session: AsyncSession) -> bool:
    """Whether nobody else writes while this session is open."""
    return _ALONE in session.info


def waiting_appends(session: AsyncSession) -> list[tuple[Any, ...]] | None:
    """What waits for the journal until the transaction's end, in its order; None where nothing has to wait."""
    alone = session.info.get(_ALONE)
    return None if alone is None else alone.appends


def known_row(session: AsyncSession, table: type[Row], key: Hashable) -> Row | None:
    """A row that is known by `key`, as it stands; None where it must be asked for."""
    alone = session.info.get(_ALONE)
    if alone is None:
        return None
    row: Row | None = alone.rows.get((table, key))
    # What was expired would be read as it is touched, which an asynchronous session forbids.
    return None if row is None or inspect(row).expired_attributes else row


def know_row(session: AsyncSession, key: Hashable, row: DeclarativeBase | None) -> None:
    """Keep a row by a key that stands for it and no other of its table: its own, or what it alone can belong to now."""
    alone = session.info.get(_ALONE)
    if alone is not None and row is not None:
        alone.rows[type(row), key] = row
