"""The way to the database: engine, sessions whose edge commits, and one error for all its absences."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Self
from uuid import UUID

import asyncpg
from sqlalchemy import DateTime, MetaData, Uuid, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from dispatch.kernel.alone import AloneSession
from dispatch.kernel.errors import DatabaseUnavailable, Invalid, TarimError

DRIVER = "postgresql+asyncpg"
_DETAIL = "\nDETAIL:  "
Session = AsyncSession
"""What `Database.read` and `Database.write` give, by a name that an edge may write into its signatures."""
_SCHEMES = ("postgresql+asyncpg://", "postgresql://", "postgres://")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What tells that the server is not there, is going, or is full, whatever was asked of it.
_ABSENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
_CLOSED_DOOR = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


class Base(DeclarativeBase):
    """Base of all tables. A `datetime` column keeps the time zone, ids are UUIDs."""

    metadata = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True), UUID: Uuid()}


def async_url(url: str) -> str:
    """Return `url` with our driver. Raises Invalid when it is no PostgreSQL address."""
    for scheme in _SCHEMES:
        if url.startswith(scheme):
            return f"{DRIVER}://{url.removeprefix(scheme)}"
    raise Invalid(
        "database.bad_url",
        "The database address does not begin with postgresql://.",
        "Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
    )


def make_engine(
    url: str,
    *,
    application_name: str = "tarim",
    role: str | None = None,
    pool_size: int = 10,
    max_overflow: int = 10,
    pool_timeout_s: float = 10.0,
    connect_timeout_s: float = 10.0,
    statement_timeout_ms: int = 30_000,
    bulk: bool = False,
) -> AsyncEngine:
    """Return an engine. Connections are checked when taken, so that a server that came back is found at once.

    role: taken as each connection starts (see `dispatch.kernel.service_role`). bulk: for a play of days, never
    for a service: many statements stay prepared, and the newest commits can be lost when the machine goes down.
    """
    return create_async_engine(
        async_url(url),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=pool_timeout_s,
        pool_pre_ping=True,
        hide_parameters=True,  # an error goes into the log, and a statement's values are people's
        connect_args={
            "timeout": connect_timeout_s,
            "prepared_statement_cache_size": 1_000 if bulk else 100,
            "server_settings": {
                "application_name": application_name,
                "statement_timeout": str(statement_timeout_ms),
                "timezone": "UTC",
                **({"role": role} if role else {}),
                **({"synchronous_commit": "off"} if bulk else {}),
            },
        },
    )


class Database:
    """The engine with its sessions. Made once, at the edge; the edge decides what one transaction is."""

    def __init__(self, engine: AsyncEngine, info: Mapping[Any, Any] | None = None) -> None:
        """info: what every session carries (`session.info`): figures that are set for the whole service, by type."""
        self.engine, self.info = engine, dict(info or {})
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, info=self.info)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Give a session: committed when the block ends well, rolled back otherwise.

        Raises DatabaseUnavailable when the database does not answer. For the edge only.
        """
        async with translated(), self._sessions() as session, session.begin():
            async with connecting():
                await session.connection()
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Give a session that the database itself keeps from writing, on one unchanging view of the data.

        Raises DatabaseUnavailable when the database does not answer.
        """
        async with translated(), self._sessions() as session:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            async with connecting():
                await session.connection(execution_options=options)
            yield session

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncSession]:
        """Give a session of the only one who writes (see `dispatch.kernel.alone`), which its holder commits as it goes.

        What is not committed when the block ends is gone. Raises DatabaseUnavailable. For the edge only.
        """
        async with translated(), AloneSession(self.engine, expire_on_commit=False, info=self.info) as session:
            async with connecting():
                await session.connection()
            yield session

    async def healthy(self, timeout_s: float = 2.0) -> bool:
        """Tell whether the database answers within `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s), connecting(), self.engine.connect() as connection:
                return bool(await connection.scalar(text("SELECT true")))
        except (TarimError, TimeoutError):
            return False

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Line:
    """A connection that one writer keeps from transaction to transaction, while it writes without pause."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._held: AsyncConnection | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """Give asyncpg's own connection: committed when the block ends well, rolled back otherwise.

        Raises DatabaseUnavailable when the database does not answer. For the edge only.
        """
        async with translated():
            if self._held is None:
                async with connecting():
                    self._held = await self._engine.connect()
            held = self._held
            try:
                driver: Any = (await held.get_raw_connection()).driver_connection
            except BaseException:
                await self.give_back()
                raise
            try:
                await driver.execute("BEGIN")
                yield driver
                await driver.execute("COMMIT")
            except asyncpg.PostgresError:
                # The server has answered, and will do so once more.
                await self._undo(driver, held)
                raise
            except BaseException:
                await self._throw_away(driver, held)
                raise

    async def _undo(self, driver: Any, held: AsyncConnection) -> None:  # noqa: ANN401 - asyncpg's connection
        try:
            await driver.execute("ROLLBACK")
        except BaseException:
            await self._throw_away(driver, held)
            raise

    async def _throw_away(self, driver: Any, held: AsyncConnection) -> None:  # noqa: ANN401 - the same
        self._held = None
        driver.terminate()  # at once: a goodbye might never be answered
        await held.invalidate()
        await held.close()

    async def give_back(self) -> None:
        """Let others have the connection, until the next transaction."""
        held, self._held = self._held, None
        if held is not None:
            await held.close()


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """Turn the many faces of an absent database into DatabaseUnavailable; let everything else through."""
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailable("database.busy", "All connections to the database are in use.") from error
    except DBAPIError as error:
        cause = _driver_error(error)
        known = unavailable(cause) if cause is not None else None
        if known is None and error.connection_invalidated:
            known = DatabaseUnavailable()
        if known is None:
            _leave_out_rows(error, error.orig, cause)
            raise
        raise known from error
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        known = unavailable(error)
        if known is None:
            _leave_out_rows(error)
            raise
        raise known from error


@asynccontextmanager
async def connecting() -> AsyncIterator[None]:
    """Like `translated`, for making a connection only: there, errors of the operating system mean the database."""
    try:
        async with translated():
            yield
    except (OSError, TimeoutError) as error:
        raise DatabaseUnavailable from error


def unavailable(error: BaseException) -> DatabaseUnavailable | None:
    """Return what one of asyncpg's errors means when the server or the time is lacking; None for all others."""
    if isinstance(error, asyncpg.QueryCanceledError):
        return DatabaseUnavailable("database.timeout", "The database took too long.", "Try again, or ask for less.")
    if isinstance(error, _CLOSED_DOOR):
        reason = str(error).strip().rstrip(".")
        hint = "Check TARIM_DATABASE_URL: account, password and the database's name."
        return DatabaseUnavailable("database.refused", f"The database does not let us in: {reason}.", hint)
    if isinstance(error, _ABSENT):
        return DatabaseUnavailable()
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return DatabaseUnavailable()
    # The server said goodbye between two questions, and its closing of the connection is not read yet.
    if isinstance(error, asyncpg.InternalClientError) and "cannot switch to state" in str(error):
        return DatabaseUnavailable()
    return None


def _driver_error(error: DBAPIError) -> BaseException | None:
    """Return asyncpg's own error from below SQLAlchemy's two wrappings."""
    wrapped = error.orig
    return wrapped.__cause__ if wrapped is not None and wrapped.__cause__ is not None else wrapped


def _leave_out_rows(*errors: BaseException | None) -> None:
    """Take PostgreSQL's DETAIL out of errors: it quotes rows, and errors go into the log."""
    for error in errors:
        if isinstance(error, asyncpg.PostgresError):
            error.detail = None
        if error is not None:
            error.args = tuple(one.partition(_DETAIL)[0] if isinstance(one, str) else one for one in error.args)
