"""Real PostgreSQL for tests: one server per run, one database per test.

Loaded as a pytest plugin. All workers of a run share one embedded server, and one of the system's PostgreSQL 15 where
it is installed. Each test gets a database of its own, copied from a migrated template.

What runs on 15: all tests of `tests/db` and `tests/migrations` that are not marked `soak`, and of every other file the
first test: no SQL stands above the services, which `tests/db` asks by themselves. `TARIM_TEST_PG15=all`, and `make
soak`, run everything there; with 0 nothing is.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg
import pytest
from factories.engines import share_compiled
from factories.patience import SOAK
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from dispatch.kernel import migrate
from dispatch.kernel.db import Database, make_engine
from dispatch.kernel.postgres import locks
from dispatch.kernel.postgres.embedded import EmbeddedPostgres

SYSTEM_15 = Path("/usr/lib/postgresql/15")
_TEMPLATE = "tarim_template"
T = TypeVar("T")
Scene = tuple[str, Any]
"""The URL of a filled database, and what its filling told."""
OLD = "system15"
_WANTED = os.environ.get("TARIM_TEST_PG15", "all" if SOAK else "some")
_TESTS = Path(__file__).parents[1]
_WHOLE_ROOMS = {"db", "migrations"}
_RUN = "TARIM_TEST_RUN"
_PREFIX = "tarim-tests-"
_MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are named at random, once per run
_PLENTY_BYTES = 2_000_000_000
# A test's data need not survive a power cut.
_QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    # Hundreds of databases that live for a second each want no upkeep.
    "autovacuum": "off",
}


def flavours() -> list[str]:
    """The servers that database tests run on."""
    return ["embedded", OLD] if _WANTED != "0" and (SYSTEM_15 / "bin" / "postgres").is_file() else ["embedded"]


def _strategy() -> str:
    # Copying files ends in a checkpoint: quick in memory, slow on a disk.
    return "file_copy" if run_folder().is_relative_to(_MEMORY) else "wal_log"


def run_folder() -> Path:
    """The run's own folder, removed at its end. Others may pass through: root's server runs as another account."""
    return Path(os.environ[_RUN])


def _base() -> Path:
    """Memory where there is plenty (a database is made in 5 ms there, in 50 ms on a disk), else the disk."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _PLENTY_BYTES else Path("/tmp")  # noqa: S108


@dataclass
class TestServer:
    """One server with a connection that makes and drops databases on it."""

    __test__ = False

    postgres: EmbeddedPostgres
    runner: asyncio.Runner
    admin: asyncpg.Connection
    _scenes: dict[Callable[..., object], tuple[str, Path, object]] = field(default_factory=dict)

    def create(self, *, template: str = _TEMPLATE) -> str:
        """Make a database from the template and return its SQLAlchemy URL."""
        name = f"test_{secrets.token_hex(6)}"
        self.runner.run(self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {_strategy()}"))
        return self.postgres.url(name)

    def drop(self, url: str) -> None:
        """Drop a database made by `create`."""
        self.runner.run(self.admin.execute(f"DROP DATABASE IF EXISTS {_name_of(url)} WITH (FORCE)"))

    @contextmanager
    def scene(self, fill: Callable[[str, Path], Coroutine[Any, Any, T]], home: Path) -> Iterator[tuple[str, T]]:
        """A database and a home of this test's own, filled; the URL, and what `fill` told.

        `fill(url, home)` works once in a process and closes what it opens; tests get copies.
        """
        if fill not in self._scenes:
            url, folder = self.create(), passable_folder()
            self._scenes[fill] = (_name_of(url), folder, self.runner.run(fill(url, folder)))
        template, folder, told = self._scenes[fill]
        shutil.copytree(folder, home, dirs_exist_ok=True)
        url = self.create(template=template)
        try:
            yield url, cast("T", told)
        finally:
            self.drop(url)


def _name_of(url: str) -> str:
    return url.split("@/", 1)[1].split("?", 1)[0]


def open_server(flavour: str) -> EmbeddedPostgres:
    """Take a share in the run's embedded PostgreSQL, or in its server of the system's 15, under our guardian."""
    home = run_folder() / flavour
    home.mkdir(parents=True, exist_ok=True)
    home.parent.chmod(0o711)
    home.chmod(0o711)
    install = SYSTEM_15 if flavour == OLD else None
    return EmbeddedPostgres(home, install=install, options=_QUICK).open()


def _migrated_template(server: EmbeddedPostgres, runner: asyncio.Runner, admin: asyncpg.Connection) -> None:
    """Make the template once: the first worker works, the others wait for its lock."""
    while (lock := locks.take(server.home / "template.lock", exclusive=True)) is None:
        runner.run(asyncio.sleep(0.02))
    try:
        if runner.run(admin.fetchval("SELECT true FROM pg_database WHERE datname = $1 AND datistemplate", _TEMPLATE)):
            return
        runner.run(admin.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE}"))
        runner.run(admin.execute(f"CREATE DATABASE {_TEMPLATE}"))
        runner.run(migrate.upgrade(server.url(_TEMPLATE)))
        runner.run(admin.execute(f"ALTER DATABASE {_TEMPLATE} IS_TEMPLATE true ALLOW_CONNECTIONS false"))
    finally:
        os.close(lock)


@pytest.fixture(scope="session", params=flavours())
def postgres_server(request: pytest.FixtureRequest) -> Iterator[TestServer]:
    """The run's server, shared by all workers, with the migrated template in it."""
    server = open_server(request.param)
    # A loop of its own: fixtures of asyncio tests keep theirs.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        admin = runner.run(asyncpg.connect(server.dsn("postgres")))
        try:
            _migrated_template(server, runner, admin)
            yield TestServer(server, runner, admin)
        finally:
            runner.run(admin.close())
            server.close(wait=False)


@pytest.fixture
def database_url(postgres_server: TestServer) -> Iterator[str]:
    """The SQLAlchemy URL of a migrated database of this test's own."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def empty_database_url(postgres_server: TestServer) -> Iterator[str]:
    """The SQLAlchemy URL of a database of this test's own with nothing in it."""
    url = postgres_server.create(template="template0")
    yield url
    postgres_server.drop(url)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on the test's database."""
    made = make_engine(database_url, application_name="tarim tests", pool_size=5)
    yield made
    await made.dispose()


@pytest.fixture
def database(engine: AsyncEngine) -> Database:
    """The sessions' factory on the test's database."""
    return Database(engine)


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A writing session, committed when the test ends well."""
    async with database.write() as open_session:
        yield open_session


def passable_folder() -> Path:
    """A fresh folder that another account can pass into, as pytest's own `tmp_path` does not let it."""
    run_folder().mkdir(exist_ok=True)
    run_folder().chmod(0o711)
    made = Path(tempfile.mkdtemp(prefix="t", dir=run_folder()))
    made.chmod(0o711)
    return made


@pytest.fixture
def passable_path() -> Path:
    """Such a folder, for one test."""
    return passable_folder()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what 15 need not do, and put the slow tests in front, so that no worker is left alone with one."""
    seen: set[str] = set()
    left_out = [item for item in items if _is_on_15(item) and not _is_worth_15(item, seen)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    going = set(map(id, left_out))
    items[:] = sorted(
        (item for item in items if id(item) not in going), key=lambda item: item.get_closest_marker("slow") is None
    )


def _is_on_15(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and hasattr(item, "callspec") and OLD in item.callspec.params.values()


def _is_worth_15(item: pytest.Item, seen: set[str]) -> bool:
    if _WANTED == "all":
        return True
    if item.get_closest_marker("soak") is not None:
        return False
    if item.path.relative_to(_TESTS).parts[0] in _WHOLE_ROOMS:
        return True
    name = item.path.as_posix()
    is_first = name not in seen
    seen.add(name)
    return is_first


def pytest_configure(config: pytest.Config) -> None:
    """Name the run before the workers are started: they inherit the name."""
    share_compiled()
    if hasattr(config, "workerinput"):
        return
    os.environ[_RUN] = str(_base() / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}")
    for folder in _base().glob(f"{_PREFIX}*"):
        # What a killed run left; its servers have ended by themselves.
        if not Path("/proc", folder.name.split("-")[2]).exists() and folder.stat().st_uid == os.geteuid():
            shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder once its servers have ended; the run's first process does it for all workers."""
    if hasattr(config, "workerinput"):
        return
    for home in (run_folder() / flavour for flavour in flavours()):
        EmbeddedPostgres(home).wait_for_end()
    shutil.rmtree(run_folder(), ignore_errors=True)
