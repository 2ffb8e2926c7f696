"""The embedded server's life: real processes, really killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from factories.patience import PATIENCE_S

from dispatch.kernel.postgres.embedded import EmbeddedPostgres
from dispatch.kernel.postgres.processes import in_folder, wait_until
from dispatch.kernel.postgres.status import GRACE_S, Status

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROOT = Path(__file__).parents[3]
USER = """
import sys, time
from pathlib import Path
from dispatch.kernel.postgres.embedded import EmbeddedPostgres
share = EmbeddedPostgres(Path(sys.argv[1]), grace_s=float(sys.argv[2])).open()
print(share.dsn(), flush=True)
sys.stdin.readline()
share.close()
"""


@pytest.fixture
def home(passable_path: Path) -> Iterator[Path]:
    made = passable_path / "home"
    yield made
    leftovers = guardian_and_servers(made)
    for pid in leftovers:
        os.kill(pid, signal.SIGKILL)
    assert leftovers == []


def guardian_and_servers(home: Path) -> list[int]:
    found = in_folder(home / "postgres" / "data")
    wanted = os.fsencode(str(home / "postgres"))
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and b"kernel.postgres.guardian" in (line := command_line(process)) and wanted in line:
            found.append(int(process.name))
    return found


def command_line(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def start_user(home: Path, grace_s: float = GRACE_S) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", USER, home, str(grace_s)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def dsn_of(user: subprocess.Popen[str]) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def finish(user: subprocess.Popen[str]) -> None:
    with user:
        user.communicate("\n")
    assert user.returncode == 0


def kill(user: subprocess.Popen[str]) -> None:
    with user:
        user.kill()


def ask(dsn: str, question: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def postmaster_of(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])


def guardian_of(home: Path) -> int:
    status = Status.read(home / "postgres")
    assert status is not None
    return status.guardian_pid


def traces(home: Path) -> set[str]:
    return {path.name for path in (home / "postgres").iterdir()} & {
        "users.lock",
        "guardian.lock",
        "status.json",
        "socket",
    }


def is_gone(home: Path) -> Callable[[], bool]:
    return lambda: not guardian_and_servers(home) and not traces(home)


def test_start_and_stop_leave_nothing_behind_and_data_stays(home: Path) -> None:
    told: list[str] = []
    with EmbeddedPostgres(home, progress=told.append) as postgres:
        assert any("new database" in line for line in told)
        ask(postgres.dsn(), "CREATE TABLE probe AS SELECT 7 AS n")
        assert ask(postgres.dsn(), "SHOW listen_addresses") == ""
        assert ask(postgres.dsn(), "SHOW server_encoding") == "UTF8"
        assert ask(postgres.dsn(), "SELECT 'a' < 'B' COLLATE \"default\"") is False
        assert len(guardian_and_servers(home)) > 1
    assert is_gone(home)()
    told.clear()
    with EmbeddedPostgres(home, progress=told.append) as postgres:
        assert ask(postgres.dsn(), "SELECT n FROM probe") == 7
    assert not any("new database" in line for line in told)
    assert is_gone(home)()


async def test_it_serves_asynchronous_code_too(home: Path) -> None:
    async with EmbeddedPostgres(home) as postgres:
        connection = await asyncpg.connect(postgres.dsn())
        assert await connection.fetchval("SELECT current_database()") == "tarim"
        await connection.close()
    assert is_gone(home)()


def test_only_our_own_account_is_let_in(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            ask(postgres.dsn().replace("tarim@", "postgres@"), "SELECT 1")
        socket_dir = home / "postgres" / "socket"
        assert socket_dir.stat().st_mode & 0o077 == 0


def test_several_processes_starting_at_once_share_one_server(home: Path) -> None:
    users = [start_user(home) for _ in range(4)]
    addresses = {dsn_of(user) for user in users}
    assert len(addresses) == 1
    dsn = addresses.pop()
    started = ask(dsn, "SELECT pg_postmaster_start_time()")
    for user in users[:3]:
        finish(user)
        assert ask(dsn, "SELECT pg_postmaster_start_time()") == started
    finish(users[3])
    assert is_gone(home)()


def test_a_killed_user_leaves_nothing_after_a_while(home: Path) -> None:
    user = start_user(home, grace_s=0.5)
    dsn_of(user)
    kill(user)
    assert wait_until(is_gone(home), PATIENCE_S)


def test_a_killed_user_that_is_started_again_finds_its_server(home: Path) -> None:
    user = start_user(home)
    started = ask(dsn_of(user), "SELECT pg_postmaster_start_time()")
    kill(user)
    time.sleep(0.5)  # the guardian looks every 0.1 s: it has seen that nobody is there
    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.dsn(), "SELECT pg_postmaster_start_time()") == started
    assert is_gone(home)()


def test_a_killed_user_among_others_does_no_harm(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        user = start_user(home)
        assert dsn_of(user) == postgres.dsn()
        started = ask(postgres.dsn(), "SELECT pg_postmaster_start_time()")
        kill(user)
        assert ask(postgres.dsn(), "SELECT pg_postmaster_start_time()") == started


def test_users_coming_and_going_never_meet_a_closed_door(home: Path) -> None:
    # Without any grace, each round meets the guardian at another moment of its stopping.
    for _ in range(12):
        with EmbeddedPostgres(home, grace_s=0.0) as first:
            assert ask(first.dsn(), "SELECT 1") == 1
            first.close(wait=False)
            with EmbeddedPostgres(home, grace_s=0.0) as second:
                assert ask(second.dsn(), "SELECT 1") == 1
    assert is_gone(home)()


def test_a_killed_database_is_started_again_and_keeps_what_was_committed(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        ask(postgres.dsn(), "CREATE TABLE probe AS SELECT 7 AS n")
        os.kill(postmaster_of(home), signal.SIGKILL)
        postgres.revive()
        assert ask(postgres.dsn(), "SELECT n FROM probe") == 7
    assert is_gone(home)()


def test_a_killed_guardian_takes_the_server_along_and_both_come_back(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        ask(postgres.dsn(), "CREATE TABLE probe AS SELECT 7 AS n")
        os.kill(guardian_of(home), signal.SIGKILL)
        assert wait_until(lambda: not guardian_and_servers(home), PATIENCE_S)
        postgres.revive()
        assert ask(postgres.dsn(), "SELECT n FROM probe") == 7
    assert is_gone(home)()


def test_everything_killed_at_once_is_survived_by_the_next_start(home: Path) -> None:
    user = start_user(home)
    ask(dsn_of(user), "CREATE TABLE probe AS SELECT 7 AS n")
    victims = guardian_and_servers(home)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    kill(user)
    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.dsn(), "SELECT n FROM probe") == 7
    assert is_gone(home)()


def test_a_guardian_told_to_end_leaves_clean_files_and_is_replaced(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        os.kill(guardian_of(home), signal.SIGTERM)
        assert wait_until(lambda: not guardian_and_servers(home), PATIENCE_S)
        assert "database system is shut down" in (home / "postgres" / "server.log").read_text("utf-8")
        postgres.revive()
        assert ask(postgres.dsn(), "SELECT 1") == 1
    assert is_gone(home)()
