"""The guardian: one small process per home that keeps PostgreSQL for as long as somebody uses it.

Every user of the server holds a shared lock on `users.lock`; the kernel drops it even after `kill -9`. When nobody
holds it any more, the guardian takes it exclusively (nobody can come in any more), stops PostgreSQL, removes what it
made and ends: at once if the last user said that it leaves, and otherwise, since it was killed, only after a while in
which it may be started again. PostgreSQL is its child and ends with it. A server that dies is started again.

Run as `python -m dispatch.kernel.postgres.guardian JSON`. It imports only the standard library and has one thread.
"""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres import cluster, locks
from dispatch.kernel.postgres.layout import Layout, lay_out
from dispatch.kernel.postgres.postmaster import Postmaster, describe_account
from dispatch.kernel.postgres.status import FILE_NAME, GRACE_S, GUARDIAN_LOCK, LEAVING, USERS_LOCK, State, Status

_STEP_S = 0.1
_LOCK_PATIENCE_S = 2.0
_LOG_CHECK_S = 10.0
_CRASHES_ALLOWED = 5
_CRASH_WINDOW_S = 60.0


@dataclass(frozen=True)
class Orders:
    """What a starting user tells the guardian.

    alive_fd: a pipe that the user watches: it ends when the server is ready or the guardian gone, and carries the
    reason of a failure, which must arrive even when the disk is full.
    """

    run: str
    install: str
    alive_fd: int
    grace_s: float = GRACE_S
    options: Mapping[str, str] = field(default_factory=dict)


class Guardian:
    """Holds the guardian's lock from `run` on until the process ends."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._run = Path(orders.run)
        self._pipe: int | None = orders.alive_fd
        self._stop_asked = False
        self._left = True  # until a user is seen: whoever asked for a server may have gone meanwhile
        self._crashes: list[float] = []

    def run(self) -> None:
        """Guard until nobody uses the server any more, or until it cannot be kept running."""
        own_lock = self._take_own_lock()
        if own_lock is None:
            return  # another guardian is there already
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        signal.signal(LEAVING, self._note_leaving)
        users_lock: int | None = None
        try:
            self._tell("preparing", "Preparing the database.")
            users_lock = self._guard()
        except Unavailable as error:
            self._fail(error)
        except OSError as error:
            self._fail(cluster.explain("PostgreSQL did not start", f"{error.strerror}: {error.filename}"))
        else:
            # Ours to remove: we hold both locks, and whoever waits for them looks whether the file is still there.
            (self._run / FILE_NAME).unlink(missing_ok=True)
            if users_lock is not None:
                (self._run / USERS_LOCK).unlink(missing_ok=True)
        if locks.is_current(self._run / GUARDIAN_LOCK, own_lock):
            (self._run / GUARDIAN_LOCK).unlink()

    def _guard(self) -> int | None:
        """Start PostgreSQL and watch. Returns the exclusive users' lock, or None when told to stop by a signal."""
        unwanted = locks.take(self._run / USERS_LOCK, exclusive=True)
        if unwanted is not None:
            return unwanted
        layout = lay_out(self._run, Path(self._orders.install))
        if not layout.data.exists():
            self._tell("preparing", f"Making a new database{describe_account(layout)}: {layout.data}")
        cluster.make_if_missing(layout)
        cluster.check(layout)
        cluster.stop_strays(layout)
        cluster.write_access_rules(layout)
        postmaster = Postmaster(layout, self._orders.options)
        try:
            self._start(postmaster, layout)
            self._end_pipe()
            return self._watch(postmaster, layout)
        finally:
            postmaster.stop()

    def _watch(self, postmaster: Postmaster, layout: Layout) -> int | None:
        users_path = self._run / USERS_LOCK
        idle_since: float | None = None
        log_checked = time.monotonic()
        while not self._stop_asked and self._run.is_dir():
            now = time.monotonic()
            if not postmaster.is_alive():
                self._restart(postmaster, layout, now)
            if now - log_checked > _LOG_CHECK_S:
                postmaster.trim_log()
                log_checked = now
            with contextlib.suppress(FileNotFoundError):
                if not locks.is_free(users_path, for_exclusive=True):
                    idle_since, self._left = None, False
                elif idle_since is None and not self._left:
                    idle_since = now
                elif self._left or now - (idle_since or now) >= self._orders.grace_s:
                    taken = locks.take(users_path, exclusive=True)
                    if taken is not None:
                        return taken
                    idle_since = None
            time.sleep(_STEP_S)
        return None

    def _start(self, postmaster: Postmaster, layout: Layout) -> None:
        self._tell("starting", "Starting PostgreSQL.")
        postmaster.start()
        self._tell("ready", socket_dir=str(layout.socket_dir))

    def _restart(self, postmaster: Postmaster, layout: Layout, now: float) -> None:
        self._crashes = [moment for moment in self._crashes if now - moment < _CRASH_WINDOW_S] + [now]
        if len(self._crashes) > _CRASHES_ALLOWED:
            raise Unavailable(
                "postgres.crashing",
                f"PostgreSQL ended {len(self._crashes)} times within a minute and was not started again.",
                "See the file postgres/server.log in TARIM_HOME.",
            )
        self._tell("starting", "PostgreSQL ended unexpectedly and is started again.")
        postmaster.clear_up_after_crash()
        self._start(postmaster, layout)

    def _take_own_lock(self) -> int | None:
        # A look at the lock by a starting user, or a guardian just ending, may be in the way for a moment.
        end = time.monotonic() + _LOCK_PATIENCE_S
        while time.monotonic() < end:
            lock = locks.take(self._run / GUARDIAN_LOCK, exclusive=True)
            if lock is not None:
                return lock
            other = Status.read(self._run)
            if other is not None and other.state == "ready" and other.of_living_guardian():
                return None
            time.sleep(0.01)
        return None

    def _tell(self, state: State, message: str = "", *, socket_dir: str = "") -> None:
        Status(state, os.getpid(), message, socket_dir=socket_dir).write(self._run)

    def _fail(self, error: Unavailable) -> None:
        status = Status("failed", os.getpid(), error.message, error.hint, error.code)
        with contextlib.suppress(OSError):
            status.write(self._run)
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                os.write(self._pipe, status.as_bytes())  # it ends with this process: then all is cleared away

    def _end_pipe(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def _note_leaving(self, _number: int, _frame: FrameType | None) -> None:
        self._left = True

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_asked = True


def main() -> None:
    """Leave the caller's family, then guard."""
    orders = Orders(**json.loads(sys.argv[1]))
    os.set_inheritable(orders.alive_fd, False)
    if os.fork():
        os._exit(0)  # the caller waits for this one and is left with no child to look after
    Guardian(orders).run()


if __name__ == "__main__":
    main()
