"""Homes that are long, odd, foreign, full or half made."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from factories.patience import PATIENCE_S
from factories.postgres import SYSTEM_15

from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres.embedded import EmbeddedPostgres, built_in_install
from dispatch.kernel.postgres.layout import ROOT_STORE, check_owner, digest, lay_out
from dispatch.kernel.postgres.processes import in_folder, wait_until

pytestmark = [pytest.mark.database, pytest.mark.slow]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes owners, which only root can")


@pytest.fixture
def place(passable_path: Path) -> Path:
    return passable_path


@pytest.fixture
def private_home(place: Path) -> Iterator[Path]:
    """A home of mode 0700, and for root what lies elsewhere because of it, removed at the end."""
    home = place / "private"
    home.mkdir(mode=0o700)
    yield home
    if os.geteuid() == 0:
        shutil.rmtree(ROOT_STORE / digest(home))


def works(home: Path) -> bool:
    async def ask(dsn: str) -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            return bool(await connection.fetchval("SELECT current_database() = 'tarim'"))
        finally:
            await connection.close()

    with EmbeddedPostgres(home, grace_s=0.0) as postgres:
        return asyncio.run(ask(postgres.dsn()))


def refusal(home: Path, **how: Path) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        EmbeddedPostgres(home, install=how.get("install")).open()
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value


def test_a_long_path_gets_a_short_private_socket_folder(place: Path) -> None:
    home = place / ("long" * 20) / ("path" * 20)
    with EmbeddedPostgres(home) as postgres:
        folder = Path(postgres.dsn().split("host=")[1].split("&")[0])
        assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 107
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
    assert works(home)


@pytest.mark.parametrize("name", ["with space", "阿克苏", "a,b", 'it\'s "so"', "50%&?=#", "-x", "a:b"])
def test_odd_names_work(place: Path, name: str) -> None:
    assert works(place / name)


def test_a_home_closed_to_others_works_and_stays_closed(private_home: Path) -> None:
    assert works(private_home)
    assert works(private_home)
    assert private_home.stat().st_mode & 0o777 == 0o700


@needs_root
def test_root_finds_its_data_again_only_where_it_left_it(place: Path) -> None:
    home = place / "home"
    assert works(home)
    home.chmod(0o700)
    assert refusal(home).code == "postgres.unreachable"
    assert not (ROOT_STORE / digest(home)).exists()
    home.chmod(0o711)
    assert works(home)


@needs_root
def test_programs_out_of_reach_are_copied_with_their_libraries(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    package = built_in_install().parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    install = closed / package.name / "pginstall18"
    before = set(ROOT_STORE.glob("binaries*"))
    with EmbeddedPostgres(place / "home", install=install) as postgres:
        assert postgres.dsn()
    (copy,) = set(ROOT_STORE.glob("binaries*")) - before
    shutil.rmtree(copy)
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
@pytest.mark.parametrize("inside", ["postgres", "postgres/data"])
def test_a_folder_of_somebody_else_is_told_and_left_alone(place: Path, inside: str) -> None:
    home = place / "home"
    assert works(home)
    os.chown(home / inside, 1, 1)
    error = refusal(home)
    assert error.code in {"postgres.foreign_folder", "postgres.foreign_data"}
    assert pwd.getpwuid(1).pw_name in error.message
    assert (home / inside).stat().st_uid == 1


def test_a_file_in_the_place_of_the_home_is_told(place: Path) -> None:
    (place / "home").write_text("", "utf-8")
    assert refusal(place / "home").code == "postgres.folder"


def test_data_of_another_version_is_told(place: Path) -> None:
    if not (SYSTEM_15 / "bin" / "postgres").is_file():
        pytest.skip("needs the system's PostgreSQL 15")
    home = place / "home"
    with EmbeddedPostgres(home, install=SYSTEM_15):
        pass
    error = refusal(home)
    assert error.code == "postgres.other_version"
    assert "PostgreSQL 15" in error.message
    assert "PostgreSQL 18" in error.message


def test_a_folder_that_holds_no_database_is_told(place: Path) -> None:
    home = place / "home"
    assert works(home)
    (home / "postgres" / "data" / "PG_VERSION").unlink()
    assert refusal(home).code == "postgres.no_database"


def test_damaged_data_is_told_with_the_servers_own_reason(place: Path) -> None:
    home = place / "home"
    assert works(home)
    (home / "postgres" / "data" / "global" / "pg_control").write_bytes(b"\0" * 8192)
    error = refusal(home)
    assert error.code == "postgres.start_failed"
    assert "did not start" in error.message


def test_what_a_killed_first_start_left_is_cleared_away(place: Path) -> None:
    home = place / "home"
    left = home / "postgres" / "data.new-0123"
    left.mkdir(parents=True)
    home.chmod(0o711)
    (home / "postgres").chmod(0o711)
    (left / "PG_VERSION").write_text("18", "ascii")
    assert works(home)
    assert not list((home / "postgres").glob("data.new-*"))


def test_a_first_start_killed_at_any_moment_is_survived(place: Path) -> None:
    start = (
        "import sys, pathlib; from dispatch.kernel.postgres.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(pathlib.Path(sys.argv[1])).open()"
    )
    home = place / "home"
    with subprocess.Popen([sys.executable, "-c", start, home], cwd=Path(__file__).parents[3]) as user:
        assert wait_until(lambda: bool(list((home / "postgres").glob("data.new-*/base"))), PATIENCE_S)
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and b"kernel.postgres.guardian" in _command(process) and _names(process, home):
                os.kill(int(process.name), signal.SIGKILL)
        user.kill()
    assert not (home / "postgres" / "data").exists()
    assert works(home)


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def _names(process: Path, home: Path) -> bool:
    return os.fsencode(str(home / "postgres")) in _command(process)


def test_a_pid_file_that_names_a_stranger_is_not_believed(place: Path) -> None:
    home = place / "home"
    assert works(home)
    with subprocess.Popen(["sleep", "60"]) as stranger:
        data = home / "postgres" / "data"
        pid_file = data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data}\n1\n5432\n\n\n\nready\n", "utf-8")
        assert works(home)
        assert stranger.poll() is None
        stranger.kill()


def test_an_orphaned_server_is_stopped_before_a_new_one_starts(place: Path) -> None:
    home = place / "home"
    assert works(home)
    layout = lay_out(home / "postgres", built_in_install())
    orphan = subprocess.Popen(
        [layout.program("postgres"), "-D", layout.data, "-c", "listen_addresses=", "-k", layout.socket_dir],
        user=layout.account.uid if os.geteuid() == 0 else None,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    with orphan:
        assert wait_until(lambda: orphan.pid in in_folder(layout.data), PATIENCE_S)
        assert works(home)
        assert orphan.wait(PATIENCE_S) in {0, 1}  # 1: told to end before it had finished starting


@needs_root
def test_a_full_disk_is_told_and_nothing_stays(place: Path) -> None:
    disk = place / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0711", "none", disk], check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        error = refusal(disk / "home")
        assert error.code == "postgres.disk_full"
        assert not list((disk / "home" / "postgres").glob("data*"))
    finally:
        assert wait_until(lambda: subprocess.run(["umount", disk], check=False).returncode == 0, PATIENCE_S)


def test_a_socket_folder_is_checked_before_use(place: Path) -> None:
    (place / "real").mkdir(mode=0o700)
    check_owner(place / "real", os.geteuid(), private=True)
    (place / "link").symlink_to(place / "real")
    (place / "open").mkdir()
    (place / "open").chmod(0o755)
    for name, uid in (("link", os.geteuid()), ("open", os.geteuid()), ("real", os.geteuid() + 1)):
        with pytest.raises(Unavailable) as caught:
            check_owner(place / name, uid, private=True)
        assert caught.value.code == "postgres.foreign_folder"
