"""What a session that is alone knows of the record, so that it need not ask.

Rows by their keys, and families: all rows of a table that belong to one row of another. A family is whole from when it
was asked for, or from when that other row was made here, for then there were none; whatever is added joins it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstanceState, Session

Row = TypeVar("Row", bound=DeclarativeBase)
ALONE: Final = "tarim.alone"
MANY: Final = 20_000
"""So many rows are kept; then all are forgotten, and what is still of use is asked for once more."""
_COLUMNS: Final[defaultdict[type[Any], set[str]]] = defaultdict(set)


@dataclass(slots=True)
class Known:
    """Rows, families, and answers that do not change.

    born: the ids of rows that were made here, by their order. past: the newest of them as somebody wrote to a table
    past the session, who may have given families to all until then. strangers: families of what was not known here as
    the first of them was added.
    """

    rows: dict[Any, Any] = field(default_factory=dict)
    families: dict[type[Any], dict[tuple[str, Hashable], list[Any]]] = field(default_factory=dict)
    born: dict[Hashable, int] = field(default_factory=dict)
    past: dict[str, int] = field(default_factory=dict)
    strangers: set[tuple[type[Any], str, Hashable]] = field(default_factory=set)
    answers: dict[type[Any], dict[Hashable, Any]] = field(default_factory=dict)

    def forget(self) -> None:
        """Know nothing."""
        self.rows.clear()
        self.forget_families()

    def forget_families(self) -> None:
        """Somebody does something past the session, nobody knows what."""
        self.families.clear()
        self.born.clear()
        self.past.clear()
        self.strangers.clear()
        self.answers.clear()

    def forget_table(self, name: str) -> None:
        """Somebody writes to it past the session."""
        self.past[name] = len(self.born)
        for kind in [kind for kind in self.answers if kind.__tablename__ == name]:
            del self.answers[kind]
        for kind in [kind for kind in self.families if kind.__tablename__ == name]:
            del self.families[kind]

    def added(self, _session: Session, state: InstanceState[Any]) -> None:
        """A row is made in the session."""
        kind, values = state.class_, state.dict
        own = values.get("id")
        if isinstance(own, UUID):
            self.born[own] = len(self.born) + 1
            self.rows[kind, own] = state.obj()
        for column in _COLUMNS.get(kind, ()):
            key = values.get(column)
            family = self.family(kind, column, key)
            if family is not None:
                family.append(state.obj())
            else:
                self.strangers.add((kind, column, key))
        self.answers.pop(kind, None)

    def family(self, kind: type[Any], column: str, key: Hashable) -> list[Any] | None:
        """All rows of a family; None where they must be asked for."""
        families = self.families.setdefault(kind, {})
        found = families.get((column, key))
        here = self.born.get(key, 0) > self.past.get(kind.__tablename__, 0)
        if found is None and here and (kind, column, key) not in self.strangers:
            found = families[column, key] = []
        return found


class Family(Generic[Row]):
    """The rows of a table that belong to what a column names."""

    def __init__(self, table: type[Row], column: str) -> None:
        """Follow what is added to the table from now on."""
        self._table, self._column = table, column
        _COLUMNS[table].add(column)

    def known(self, session: AsyncSession, key: Hashable) -> list[Row] | None:
        """All of them, in no order, as they stand; None where they must be asked for."""
        known = known_of(session)
        if known is None:
            return None
        family = known.family(self._table, self._column, key)
        # What was expired would be read as it is touched, which an asynchronous session forbids.
        if family is None or any(inspect(row).expired_attributes for row in family):
            return None
        return list(family)

    def know(self, session: AsyncSession, key: Hashable, rows: Collection[Row]) -> None:
        """Keep all of them, or all that can still matter to those who ask."""
        known = known_of(session)
        if known is not None:
            known.families.setdefault(self._table, {})[self._column, key] = list(rows)


def known_of(session: AsyncSession) -> Known | None:
    """What a session knows; None where others write beside it."""
    alone = session.info.get(ALONE)
    return None if alone is None else alone.known


def known_row(session: AsyncSession, table: type[Row], key: Hashable) -> Row | None:
    """A row that is known by `key`, as it stands; None where it must be asked for."""
    known = known_of(session)
    if known is None:
        return None
    row: Row | None = known.rows.get((table, key))
    return None if row is None or inspect(row).expired_attributes else row


def know_row(session: AsyncSession, key: Hashable, row: DeclarativeBase | None) -> None:
    """Keep a row by a key that stands for it and no other of its table: its own, or what it alone can belong to now."""
    known = known_of(session)
    if known is not None and row is not None:
        known.rows[type(row), key] = row


def known_answer(session: AsyncSession, table: type[Any], question: Hashable) -> Any:  # noqa: ANN401 - what was kept
    """What was answered from a table, while nothing was added to it since; None where it must be asked."""
    known = known_of(session)
    return None if known is None else known.answers.get(table, {}).get(question)


def know_answer(session: AsyncSession, table: type[Any], question: Hashable, answer: object) -> None:
    """Keep an answer from a table whose rows are never changed, only added to."""
    known = known_of(session)
    if known is not None:
        known.answers.setdefault(table, {})[question] = answer
