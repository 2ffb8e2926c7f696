import asyncio
import shutil
import sys
from importlib.resources import files
from pathlib import Path

import asyncpg
import pytest

from dispatch.kernel import migrate
from dispatch.kernel.errors import DatabaseUnavailable, Refused, Unavailable

pytestmark = pytest.mark.database

STEP = """
from alembic import op
revision, down_revision, branch_labels, depends_on = {revision!r}, {follows!r}, None, None
def upgrade():
    for statement in {sql!r}.split(";"):
        op.execute(statement)
"""


def plain(url: str) -> str:
    return url.replace("+asyncpg", "")


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A migrations folder of the test's own, under the real env.py."""
    shutil.copy(str(files("migrations") / "env.py"), tmp_path / "env.py")
    (tmp_path / "versions").mkdir()
    monkeypatch.setattr(migrate, "files", lambda _: tmp_path)
    return tmp_path / "versions"


def write(steps: Path, revision: str, follows: str | None, sql: str) -> None:
    (steps / f"{revision}.py").write_text(STEP.format(revision=revision, follows=follows, sql=sql), "utf-8")


async def fetch(url: str, question: str) -> object:
    connection = await asyncpg.connect(plain(url))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_our_own_migrations_reach_the_head_and_then_do_nothing(empty_database_url: str) -> None:
    assert await migrate.current(empty_database_url) is None
    applied = await migrate.upgrade(empty_database_url)
    assert await migrate.current(empty_database_url) == migrate.head() == (applied[-1] if applied else None)
    assert await migrate.upgrade(empty_database_url) == []


async def test_the_test_template_is_at_the_head(database_url: str) -> None:
    assert await migrate.current(database_url) == migrate.head()


async def test_two_servers_starting_at_once_migrate_once(empty_database_url: str, steps: Path) -> None:
    write(steps, "one", None, "CREATE TABLE first (n int); SELECT pg_sleep(0.3)")
    write(steps, "two", "one", "CREATE TABLE second AS SELECT * FROM first")
    told: list[str] = []
    # Alembic keeps its state in globals: servers are processes of their own, here as in life.
    reports = await asyncio.gather(*(_in_process(empty_database_url, steps.parent) for _ in range(3)))
    assert sorted(reports) == ["", "", "one two"]
    assert await migrate.upgrade(empty_database_url, told.append) == []
    assert told == []
    assert await migrate.current(empty_database_url) == "two"


async def _in_process(url: str, folder: Path) -> str:
    import_and_run = (
        "import asyncio, sys, pathlib; from dispatch.kernel import migrate;"
        "migrate.files = lambda _: pathlib.Path(sys.argv[2]);"
        "print(*asyncio.run(migrate.upgrade(sys.argv[1])), end='')"
    )
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", import_and_run, url, str(folder), cwd=root, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def test_progress_tells_each_step(empty_database_url: str, steps: Path) -> None:
    write(steps, "one", None, "CREATE TABLE first (n int)")
    write(steps, "two", "one", "CREATE TABLE second (n int)")
    told: list[str] = []
    assert await migrate.upgrade(empty_database_url, told.append) == ["one", "two"]
    assert ["one" in told[0], "two" in told[1], len(told)] == [True, True, 2]


async def test_a_failing_step_leaves_the_steps_before_it_and_no_lock(empty_database_url: str, steps: Path) -> None:
    write(steps, "one", None, "CREATE TABLE first (n int)")
    write(steps, "two", "one", "CREATE TABLE second (n int); SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        await migrate.upgrade(empty_database_url)
    assert await migrate.current(empty_database_url) == "one"
    assert await fetch(empty_database_url, "SELECT to_regclass('second') IS NULL")
    write(steps, "two", "one", "CREATE TABLE second (n int)")
    assert await migrate.upgrade(empty_database_url) == ["two"]


async def test_a_table_that_stays_locked_is_told(empty_database_url: str, steps: Path) -> None:
    env = steps.parent / "env.py"
    env.write_text(env.read_text("utf-8").replace('_LOCK_TIMEOUT = "10s"', '_LOCK_TIMEOUT = "100ms"'), "utf-8")
    write(steps, "one", None, "CREATE TABLE first (n int)")
    await migrate.upgrade(empty_database_url)
    write(steps, "two", "one", "ALTER TABLE first ADD COLUMN m int")
    holder = await asyncpg.connect(plain(empty_database_url))
    try:
        async with holder.transaction():
            await holder.execute("SELECT * FROM first")
            with pytest.raises(Unavailable) as caught:
                await migrate.upgrade(empty_database_url)
    finally:
        await holder.close()
    assert caught.value.code == "database.busy"
    assert await migrate.upgrade(empty_database_url) == ["two"]


async def test_a_database_of_a_newer_tarim_is_refused(empty_database_url: str, steps: Path) -> None:
    write(steps, "one", None, "CREATE TABLE first (n int)")
    await migrate.upgrade(empty_database_url)
    (steps / "one.py").unlink()
    shutil.rmtree(steps / "__pycache__", ignore_errors=True)
    write(steps, "other", None, "SELECT 1")
    with pytest.raises(Refused) as caught:
        await migrate.upgrade(empty_database_url)
    assert caught.value.code == "database.newer_schema"


async def test_a_database_that_is_not_there_is_told() -> None:
    with pytest.raises(DatabaseUnavailable):
        await migrate.upgrade("postgresql://x@127.0.0.1:1/x")


async def test_the_alembic_command_finds_the_migrations(empty_database_url: str) -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "alembic", "-x", f"url={empty_database_url}", "upgrade", "head"]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert await migrate.current(empty_database_url) == migrate.head()
