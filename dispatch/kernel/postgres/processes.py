"""Processes: start them as another account, bound to our own life; find those that stand in a data folder.

Linux only: the parent-death signal and `/proc` have no counterpart elsewhere.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from dispatch.kernel.postgres.accounts import Account

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str | Path],
    account: Account,
    *,
    death_signal: signal.Signals,
    output: int | IO[bytes],
    stdin: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `command` as `account`; the kernel sends it `death_signal` when this process dies.

    Call it from a process of one thread: the signal is bound to the thread, and code runs between fork and exec.
    """
    parent = os.getpid()

    def bind_to_parent() -> None:
        # After the change of user: that change clears the parent-death signal.
        if _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0 or os.getppid() != parent:
            os._exit(70)

    changes_user = account.uid != os.geteuid()
    return subprocess.Popen(  # noqa: S603 - our own command, no shell
        [os.fspath(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env=clean_environment(),
        umask=0o077,
        user=account.uid if changes_user else None,
        group=account.gid if changes_user else None,
        extra_groups=[] if changes_user else None,
        preexec_fn=bind_to_parent,  # noqa: PLW1509 - the guardian has one thread
    )


def clean_environment() -> dict[str, str]:
    """Return our environment without what would steer PostgreSQL's programs; their messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def in_folder(folder: Path) -> list[int]:
    """Return the ids of the processes whose working directory is `folder`.

    The postmaster and each of its children work in the data folder: this finds them without trusting a pid file.
    """
    wanted = folder.resolve()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == wanted and _is_postgres(process):
                    found.append(int(process.name))
    return found


def _is_postgres(process: Path) -> bool:
    # An update may have replaced the program on disk while it runs.
    return (process / "exe").readlink().name.removesuffix(" (deleted)") == "postgres"


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that is gone is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_until(condition: Callable[[], bool], timeout_s: float, step_s: float = 0.01) -> bool:
    """Ask `condition` until it is true or `timeout_s` is over; return the last answer."""
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step_s)
    return True
