"""Which tables statements speak of, and in what order tables are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, FromClause, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Session, UOWTransaction, object_mapper
from sqlalchemy.orm.unitofwork import _SaveUpdateAll
from sqlalchemy.sql import visitors

_TABLES: Final[WeakKeyDictionary[Executable, frozenset[str]]] = WeakKeyDictionary()


def tables_of(statement: Executable) -> frozenset[str]:
    """The tables that a statement names anywhere; kept with it."""
    found = _TABLES.get(statement)
    if found is None:
        found = frozenset(one.name for one in visitors.iterate(cast("Any", statement)) if isinstance(one, Table))
        _TABLES[statement] = found
    return found


@cache
def neighbours(table: Table) -> frozenset[str]:
    """A table and those that refer to it."""
    others = table.metadata.sorted_tables
    return frozenset(
        one.name for one in others if one is table or any(key.column.table is table for key in one.foreign_keys)
    )


def in_order(session: Session, flush: UOWTransaction, _instances: object) -> None:
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
