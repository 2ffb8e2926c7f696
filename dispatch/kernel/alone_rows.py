"""Rows that wait to be written by who is alone with the record: each once, as it stands last, table by table.

SQLAlchemy's own unit of work decides and writes row by row; here a row that is new or changed becomes plain values, the
values of one row come together, and all rows of a table go to the driver on one way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final

import asyncpg
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.sql import ClauseElement

_DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


@dataclass(frozen=True, slots=True)
class _Column:
    """A column. default: gives the value of a row that names none. convert: makes what the driver takes."""

    name: str
    default: Callable[[], object] | None
    convert: Callable[[object], object] | None


@dataclass(frozen=True, slots=True)
class _Kind:
    """How rows of one class are written. columns: by attribute. key: the attributes of the primary key."""

    table: Table
    columns: Mapping[str, _Column]
    key: tuple[str, ...]
    insert: str

    def given(self, names: Iterable[str], values: Mapping[str, object]) -> list[object]:
        """Values as the driver takes them."""
        made = []
        for name in names:
            value, convert = values[name], self.columns[name].convert
            made.append(value if convert is None or value is None else convert(value))
        return made


@cache
def _kind(mapper: Mapper[Any]) -> _Kind | None:
    """How rows of this class are written; None for one that needs SQLAlchemy's own unit of work."""
    table = mapper.local_table
    if not isinstance(table, Table) or len(mapper.tables) > 1 or mapper.polymorphic_on is not None:
        return None
    if mapper.relationships or mapper.version_id_col is not None:
        return None
    columns = {mapper.get_property_by_column(column).key: _column(column) for column in table.columns}
    known = {name: column for name, column in columns.items() if column is not None}
    if len(known) < len(columns):
        return None
    named = ", ".join(column.name for column in known.values())
    values = ", ".join(f"${place}" for place in range(1, len(known) + 1))
    return _Kind(
        table,
        known,
        tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key),
        f"INSERT INTO {_DIALECT.identifier_preparer.format_table(table)} ({named}) VALUES ({values})",  # noqa: S608 - names of our own tables
    )


def _column(column: Column[Any]) -> _Column | None:
    told: Any = column.default
    if column.identity is not None or column.computed is not None or column.onupdate is not None:
        return None
    if told is None and column.server_default is not None:
        return None
    default: Callable[[], object] | None = None
    if told is not None:
        if not (told.is_scalar or told.is_callable):
            return None
        default = _always(told.arg) if told.is_scalar else _called(told.arg)
    convert = column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return _Column(_DIALECT.identifier_preparer.format_column(column), default, convert)


def _always(value: object) -> Callable[[], object]:
    return lambda: value


def _called(make: Callable[[object], object]) -> Callable[[], object]:
    return lambda: make(None)


@cache
def _update(mapper: Mapper[Any], names: tuple[str, ...]) -> str:
    kind = _kind(mapper)
    if kind is None:
        raise TypeError("rows of this class are written by SQLAlchemy")
    given = [f"{kind.columns[name].name} = ${place}" for place, name in enumerate((*names, *kind.key), 1)]
    table = _DIALECT.identifier_preparer.format_table(mapper.local_table)
    return f"UPDATE {table} SET {', '.join(given[: len(names)])} WHERE {' AND '.join(given[len(names) :])}"  # noqa: S608 - the same


@dataclass(slots=True)
class _Row:
    """A row that waits: all of it where it is new, else what was changed. key: its primary key."""

    mapper: Mapper[Any]
    kind: _Kind
    is_new: bool
    key: tuple[object, ...]
    values: dict[str, object]


class RowsWaiting:
    """What a session that is alone has not written yet: for each table its rows by their keys."""

    def __init__(self) -> None:
        """Nothing waits."""
        self._tables: dict[Table, dict[tuple[object, ...], _Row]] = {}

    def __bool__(self) -> bool:
        """Whether something waits."""
        return bool(self._tables)

    def take(self, session: Session) -> bool:
        """Take what is new or was changed out of a session, for which it is written from here on.

        False, and nothing is taken, where something must be left to SQLAlchemy's own unit of work.
        """
        new, changed, deleted = _touched(session)
        if not new and not changed and not deleted:
            return True
        kinds = [_plain(state) for state in (*changed, *new)]
        if deleted or None in kinds:
            return False
        for state, kind in zip((*changed, *new), kinds, strict=True):
            if kind is not None:
                self._keep(state, kind, is_new=state.key is None)
        session._register_persistent({*new, *changed})  # noqa: SLF001 - as its unit of work does
        return True

    def _keep(self, state: InstanceState[Any], kind: _Kind, *, is_new: bool) -> None:
        given = state.dict
        if is_new:
            for name, column in kind.columns.items():
                # As it will be read: what was left out has its default, or is empty.
                if given.get(name) is None:
                    given[name] = column.default() if column.default is not None else None
            values = {name: given[name] for name in kind.columns}
        else:
            before = state.committed_state
            values = {name: given[name] for name in kind.columns if name in before and before[name] != given[name]}
        if values:
            self._add(_Row(state.mapper, kind, is_new, tuple(given[name] for name in kind.key), values))

    def _add(self, row: _Row) -> None:
        rows = self._tables.setdefault(row.kind.table, {})
        before = rows.pop(row.key, None)
        if before is not None:
            row = _Row(row.mapper, row.kind, before.is_new, row.key, before.values | row.values)
        rows[row.key] = row

    def absorb(self, later: RowsWaiting) -> None:
        """Let what came later wait here too."""
        for rows in later._tables.values():
            for row in rows.values():
                self._add(row)

    def reach(self, tables: frozenset[str] | None) -> frozenset[str] | None:
        """These tables, and where rows of them wait all that those refer to; None: all."""
        if tables is None:
            return None
        own = next((table for table in self._tables if table.name in tables), None)
        return tables if own is None else _with_parents(tables, own.metadata)

    def part(self, tables: frozenset[str] | None) -> RowsWaiting:
        """Take out the rows of these tables and of all that those refer to; None: all rows."""
        taken = RowsWaiting()
        if tables is None:
            taken._tables, self._tables = self._tables, {}
        elif any(table.name in tables for table in self._tables):
            for table in [one for one in self._tables if one.name in _with_parents(tables, one.metadata)]:
                taken._tables[table] = self._tables.pop(table)
        return taken

    async def write(self, driver: Any) -> None:  # noqa: ANN401 - asyncpg's connection
        """Write all: table by table, those that others refer to first, and what changes before what is new.

        Raises IntegrityError as SQLAlchemy does.
        """
        waiting, self._tables = self._tables, {}
        for table in sorted(waiting, key=_place):
            groups: dict[tuple[bool, tuple[str, ...]], list[_Row]] = {}
            for row in waiting[table].values():
                groups.setdefault((row.is_new, tuple(row.values)), []).append(row)
            for (is_new, names), rows in sorted(groups.items(), key=_changes_first):
                kind = rows[0].kind
                statement = kind.insert if is_new else _update(rows[0].mapper, names)
                given = [[*kind.given(names, row.values), *(() if is_new else row.key)] for row in rows]
                await _write(driver, statement, given)


async def _write(driver: Any, statement: str, given: list[list[object]]) -> None:  # noqa: ANN401 - asyncpg's connection
    try:
        if len(given) == 1:
            await driver.fetch(statement, *given[0])
        else:
            await driver.executemany(statement, given)
    except asyncpg.IntegrityConstraintViolationError as error:
        told = Exception(str(error))
        told.__cause__ = error
        raise IntegrityError(statement, None, told, hide_parameters=True) from error


def _touched(session: Session) -> tuple[list[InstanceState[Any]], list[InstanceState[Any]], bool]:
    """What is new, in its order; what was changed; whether something is to be deleted."""
    made, changed = session._new, session._dirty_states  # noqa: SLF001 - its public sets are built anew each time
    new = sorted(made, key=attrgetter("insert_order")) if len(made) > 1 else list(made)
    return new, sorted(changed, key=_key) if changed else [], bool(session._deleted)  # noqa: SLF001 - the same


def touched_tables(session: Session) -> Iterator[str]:
    """The tables of what is new or was changed in a session."""
    for state in (*session._new, *session._dirty_states):  # noqa: SLF001 - its public sets are built anew each time
        yield state.class_.__tablename__


def _plain(state: InstanceState[Any]) -> _Kind | None:
    """How a row is written that is nothing but values of its own table, under the key that it has; None for others."""
    kind = _kind(state.mapper)
    if kind is None or any(isinstance(value, ClauseElement) for value in state.dict.values()):
        return None
    return kind if state.key is None or not any(name in state.committed_state for name in kind.key) else None


def _key(state: InstanceState[Any]) -> tuple[str, str]:
    return state.class_.__tablename__, str(state.key[1]) if state.key else ""


def _changes_first(group: tuple[tuple[bool, tuple[str, ...]], list[_Row]]) -> bool:
    return group[0][0]


@cache
def _place(table: Table) -> int:
    return table.metadata.sorted_tables.index(table)


@cache
def _with_parents(tables: frozenset[str], metadata: MetaData) -> frozenset[str]:
    """These tables and all that they refer to, however far."""
    found: set[str] = set()
    left = [name for name in tables if name in metadata.tables]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [key.column.table.name for key in metadata.tables[name].foreign_keys]
    return frozenset(found)
