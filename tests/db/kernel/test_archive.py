import asyncio
import os
import secrets
import stat
from pathlib import Path

import asyncpg
import pytest
from factories.postgres import TestServer, flavours, open_server

from dispatch.kernel.errors import Conflict, DatabaseUnavailable, Invalid, NotFound, Refused, Unavailable
from dispatch.kernel.postgres.archive import backup, restore

pytestmark = [pytest.mark.database, pytest.mark.slow]


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


async def run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(plain(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(plain(url))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


CUT = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE "
SUM = "SELECT count(*) || ' ' || sum(n) || ' ' || max(word) FROM probe"


@pytest.fixture
def url(database_url: str) -> str:
    asyncio.run(
        run(
            database_url,
            "CREATE TABLE IF NOT EXISTS alembic_version (version_num text)",
            "CREATE TABLE probe (n int PRIMARY KEY, word text)",
            "INSERT INTO probe SELECT n, '阿克苏 ئاقسۇ ' || md5(n::text) FROM generate_series(1, 20000) n",
        )
    )
    return database_url


async def others(url: str) -> list[str]:
    """What restores of this very database left behind; other tests have theirs on the same server."""
    connection = await asyncpg.connect(plain(url))
    try:
        left = "SELECT datname FROM pg_database WHERE starts_with(datname, current_database() || '_restore_')"
        return [row[0] for row in await connection.fetch(left)]
    finally:
        await connection.close()


async def test_what_was_backed_up_comes_back(url: str, tmp_path: Path) -> None:
    file, told = tmp_path / "tarim.backup", list[str]()
    before = await ask(url, SUM)
    await backup(url, file, progress=told.append)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await run(url, "DELETE FROM probe WHERE n > 3", "CREATE TABLE later (n int)")
    await restore(url, file, progress=told.append)
    assert await ask(url, SUM) == before
    assert await ask(url, "SELECT to_regclass('later') IS NULL")
    assert await others(url) == []
    assert len(told) == 4
    assert names_in(tmp_path) == ["tarim.backup"]


async def test_a_backup_never_replaces_a_file_unasked(url: str, tmp_path: Path) -> None:
    file = tmp_path / "tarim.backup"
    file.write_text("mine", "utf-8")
    with pytest.raises(Conflict):
        await backup(url, file)
    assert file.read_text("utf-8") == "mine"
    await backup(url, file, overwrite=True)
    assert file.stat().st_size > 1000


@pytest.mark.parametrize("damage", ["cut in half", "cut short", "middle overwritten", "something else", "empty"])
async def test_a_damaged_file_changes_nothing(url: str, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "tarim.backup"
    before = await ask(url, SUM)
    await backup(url, file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        {
            "cut in half": whole[:middle],
            "cut short": whole[:-2000],
            "middle overwritten": whole[:middle] + os.urandom(400) + whole[middle + 400 :],
            "something else": b"PK\x03\x04" * 100,
            "empty": b"",
        }[damage]
    )
    with pytest.raises(Invalid) as caught:
        await restore(url, file)
    assert caught.value.code == "restore.damaged"
    assert await ask(url, SUM) == before
    assert await others(url) == []


async def test_a_database_in_use_is_left_alone_unless_forced(url: str, tmp_path: Path) -> None:
    file = tmp_path / "tarim.backup"
    before = await ask(url, SUM)
    await backup(url, file)
    await run(url, "DELETE FROM probe")
    service = await asyncpg.connect(plain(url), server_settings={"application_name": "tarim serve"})
    try:
        with pytest.raises(Refused, match="tarim serve") as caught:
            await restore(url, file)
        assert caught.value.code == "restore.in_use"
        assert await service.fetchval("SELECT count(*) FROM probe") == 0
        await restore(url, file, force=True)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await service.fetchval("SELECT 1")
    finally:
        await service.close()
    assert await ask(url, SUM) == before


async def test_a_backup_of_something_else_is_refused(url: str, tmp_path: Path) -> None:
    file = tmp_path / "tarim.backup"
    await backup(url, file)
    await run(url, "DROP TABLE alembic_version")
    with pytest.raises(Invalid) as caught:
        await backup(url, tmp_path / "other.backup")
    assert caught.value.code == "backup.not_ours"
    await restore(url, file)
    assert await ask(url, "SELECT to_regclass('alembic_version') IS NOT NULL")


async def test_what_a_killed_restore_left_is_cleared_away(
    url: str, tmp_path: Path, postgres_server: TestServer
) -> None:
    file = tmp_path / "tarim.backup"
    await backup(url, file)
    name = plain(url).split("@/")[1].split("?")[0]
    await run(postgres_server.postgres.dsn("postgres"), f"CREATE DATABASE {name}_restore_0123abcd")
    assert await others(url) == [f"{name}_restore_0123abcd"]
    await restore(url, file)
    assert await others(url) == []


async def test_a_lost_database_is_brought_back_from_its_backup(
    url: str, tmp_path: Path, postgres_server: TestServer
) -> None:
    file = tmp_path / "tarim.backup"
    before = await ask(url, SUM)
    await backup(url, file)
    name = plain(url).split("@/")[1].split("?")[0]
    await run(postgres_server.postgres.dsn("postgres"), f"DROP DATABASE {name}")
    await restore(url, file)
    assert await ask(url, SUM) == before


async def test_a_place_that_cannot_be_written_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        await backup(url, tmp_path / "missing" / "tarim.backup")
    assert caught.value.code == "backup.failed"


async def test_missing_things_are_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        await restore(url, tmp_path / "nothing")
    with pytest.raises(DatabaseUnavailable):
        await backup("postgresql://x@127.0.0.1:1/x", tmp_path / "x")
    assert names_in(tmp_path) == []


@pytest.mark.skipif("system15" not in flavours(), reason="needs the system's PostgreSQL 15 beside ours")
async def test_backups_go_to_newer_servers_but_not_to_older_ones(url: str, tmp_path: Path) -> None:
    major = int(str(await ask(url, "SHOW server_version_num"))) // 10_000
    file = tmp_path / "tarim.backup"
    await backup(url, file)
    with open_server("system15" if major == 18 else "embedded") as other:
        target = other.url(f"test_other_{secrets.token_hex(4)}")
        if major == 18:
            with pytest.raises(Invalid) as caught:
                await restore(target, file)
            assert caught.value.code == "restore.newer_version"
        else:
            await restore(target, file)
            assert await ask(target, SUM) == await ask(url, SUM)


async def test_a_connection_lost_in_the_middle_is_told_and_changes_nothing(url: str, tmp_path: Path) -> None:
    file = tmp_path / "tarim.backup"
    before = await ask(url, SUM)
    await backup(url, file)
    name = plain(url).split("@/")[1].split("?")[0]
    cuts: list[asyncio.Task[None]] = []

    def cut_off(message: str) -> None:
        if message.startswith("Reading"):
            cuts.append(asyncio.create_task(run(url, f"{CUT} application_name = 'tarim backup of {name}'")))

    with pytest.raises(DatabaseUnavailable):
        await restore(url, file, force=True, progress=cut_off)
    await asyncio.gather(*cuts)
    assert await ask(url, SUM) == before
    await restore(url, file)
    assert await ask(url, SUM) == before
    assert await others(url) == []
