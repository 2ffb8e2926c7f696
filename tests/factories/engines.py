"""Engines of tests on one server: statements are compiled once in a process, not once in each test's engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import URL, Connection, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from dispatch.kernel import db

_KEPT = 3_000
"""Statements, of which those that were used last are kept."""
_compiled: LRUCache[Any, Any] = LRUCache(_KEPT)
_dialects: dict[URL, Dialect] = {}
"""What SQLAlchemy has learnt of each server, by its address without the database."""


def share_compiled() -> None:
    """Let all engines that are made from now on in this process share what they compile."""
    db.create_async_engine = _made


def _made(url: str, **options: Any) -> AsyncEngine:  # noqa: ANN401 - as SQLAlchemy's own
    made = create_async_engine(url, **options)
    engine = made.sync_engine
    server, own = engine.url._replace(database=None), engine.dialect
    ask = own.initialize

    def learn(connection: Connection) -> None:
        ask(connection)
        _dialects.setdefault(server, own)

    def know(_connection: Connection) -> None:
        """Nothing is asked: another has."""

    known = _dialects.get(server)
    own.initialize = learn if known is None else know  # type: ignore[method-assign]
    engine.dialect = engine.pool._dialect = known or own
    engine._compiled_cache = _compiled
    return made
