import asyncio
import traceback

import asyncpg
import pytest
from factories.postgres import TestServer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.db import Database, async_url, make_engine
from dispatch.kernel.errors import DatabaseUnavailable, Invalid

pytestmark = pytest.mark.database


async def _make_table(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("CREATE TABLE probe (n int PRIMARY KEY)"))


async def _rows(database: Database) -> list[int]:
    async with database.read() as session:
        return list(await session.scalars(text("SELECT n FROM probe ORDER BY n")))


async def test_what_ends_well_is_committed_and_what_fails_is_not(database: Database) -> None:
    await _make_table(database)
    async with database.write() as session:
        await session.execute(text("INSERT INTO probe VALUES (1)"))

    async def fail() -> None:
        async with database.write() as session:
            await session.execute(text("INSERT INTO probe VALUES (2)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _rows(database) == [1]


async def test_the_database_keeps_a_reading_session_from_writing(database: Database) -> None:
    await _make_table(database)
    with pytest.raises(DBAPIError, match="read-only"):
        async with database.read() as session:
            await session.execute(text("INSERT INTO probe VALUES (1)"))
    async with database.write() as session:
        await session.execute(text("INSERT INTO probe VALUES (2)"))
    assert await _rows(database) == [2]


async def test_a_reading_session_sees_one_moment(database: Database) -> None:
    await _make_table(database)
    async with database.read() as reading:
        assert await reading.scalar(text("SELECT count(*) FROM probe")) == 0
        async with database.write() as writing:
            await writing.execute(text("INSERT INTO probe VALUES (1)"))
        assert await reading.scalar(text("SELECT count(*) FROM probe")) == 0
    assert await _rows(database) == [1]


async def test_each_connection_has_its_name_its_limit_and_utc(session: AsyncSession) -> None:
    asked = (
        "SELECT current_setting('application_name'), current_setting('statement_timeout'), current_setting('timezone')"
    )
    assert tuple((await session.execute(text(asked))).one()) == ("tarim tests", "30s", "UTC")


async def test_a_statement_that_takes_too_long_is_told(database_url: str) -> None:
    async with Database(make_engine(database_url, statement_timeout_ms=50)) as database:
        with pytest.raises(DatabaseUnavailable) as caught:
            async with database.write() as session:
                await session.execute(text("SELECT pg_sleep(20)"))
    assert caught.value.code == "database.timeout"


async def test_a_connection_cut_in_the_middle_is_told_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with database.write() as session:
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    async with database.read() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def test_connections_cut_while_idle_are_not_even_noticed(database: Database) -> None:
    async def slow() -> None:
        async with database.read() as session:
            await session.execute(text("SELECT pg_sleep(0.05)"))

    await asyncio.gather(*(slow() for _ in range(4)))
    async with database.write() as session:
        others = (
            "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity WHERE datname = current_database()"
        )
        assert await session.scalar(text(f"{others} AND pid <> pg_backend_pid()")) == 3
    await asyncio.gather(*(slow() for _ in range(4)))


async def test_a_full_pool_is_told(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=1, max_overflow=0, pool_timeout_s=0.05)
    async with Database(engine) as database, database.read():
        with pytest.raises(DatabaseUnavailable) as caught:
            async with database.read():
                pass
    assert caught.value.code == "database.busy"


@pytest.mark.parametrize(
    "url", ["postgresql://x@127.0.0.1:1/x", "postgresql://x@/x?host=/nowhere", "postgresql://x@host.invalid/x"]
)
async def test_a_server_that_is_not_there_is_told(url: str) -> None:
    async with Database(make_engine(url)) as database:
        with pytest.raises(DatabaseUnavailable):
            async with database.write():
                pass
        assert not await database.healthy()


async def test_a_database_that_is_not_there_is_told(database_url: str) -> None:
    async with Database(make_engine(database_url.replace("@/test_", "@/nowhere_"))) as database:
        with pytest.raises(DatabaseUnavailable, match="does not let us in") as caught:
            async with database.read():
                pass
        assert caught.value.code == "database.refused"


async def test_errors_of_the_work_itself_stay_what_they_are(database: Database) -> None:
    with pytest.raises(FileNotFoundError):
        async with database.write():
            raise FileNotFoundError
    with pytest.raises(DBAPIError, match="syntax error"):
        async with database.write() as session:
            await session.execute(text("SELEKT"))


async def test_an_error_quotes_no_row(database: Database, postgres_server: TestServer) -> None:
    phone_and_name = "示例13800001234"
    made = "CREATE TABLE people_probe (phone text PRIMARY KEY CHECK (length(phone) < 20), name text NOT NULL)"
    async with database.write() as session:
        await session.execute(text(made))
        await session.execute(text("INSERT INTO people_probe VALUES (:one, 'x')"), {"one": phone_and_name})
    for row in (
        {"one": phone_and_name, "name": "x"},
        {"one": phone_and_name * 2, "name": "x"},
        {"one": "y", "name": None},
    ):
        with pytest.raises(IntegrityError, match="people_probe") as caught:
            async with database.write() as session:
                await session.execute(text("INSERT INTO people_probe VALUES (:one, :name)"), row)
        assert phone_and_name not in "".join(traceback.format_exception(caught.value))

    async def by_the_driver() -> None:
        async with database.write() as session:
            driver = (await (await session.connection()).get_raw_connection()).driver_connection
            assert driver is not None
            await driver.execute("INSERT INTO people_probe VALUES ($1, 'x')", phone_and_name)

    with pytest.raises(asyncpg.UniqueViolationError) as raw:
        await by_the_driver()
    assert phone_and_name not in "".join(traceback.format_exception(raw.value))
    assert phone_and_name not in (postgres_server.postgres.home / "postgres" / "server.log").read_text("utf-8")


async def test_healthy(database: Database) -> None:
    assert await database.healthy()


def test_other_databases_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        async_url("sqlite:///x")
    assert caught.value.code == "database.bad_url"


async def test_a_connection_whose_farewell_is_half_read_is_an_absent_database(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with database.read():
            raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
    with pytest.raises(asyncpg.InternalClientError, match="something else"):
        async with database.read():
            raise asyncpg.InternalClientError("something else")
