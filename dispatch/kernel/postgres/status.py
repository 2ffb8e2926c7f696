"""What the guardian tells its users: one small file, replaced whole."""

import contextlib
import json
import os
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

from dispatch.kernel.errors import Unavailable

State = Literal["preparing", "starting", "ready", "failed"]
FILE_NAME = "status.json"
USERS_LOCK = "users.lock"
"""Held shared by every user of the server."""
GUARDIAN_LOCK = "guardian.lock"
"""Held by the guardian for as long as it lives."""
GRACE_S = 20.0
"""How long the server waits for a user to come back that was killed: starting again takes seconds on a busy machine."""
LEAVING = signal.SIGURG
"""Sent to the guardian by a user that has given its share back. Whoever does not know it ignores this signal."""
PORT = 5432
"""PostgreSQL names its socket by a port number; no TCP port is opened."""


@dataclass(frozen=True)
class Status:
    """The guardian's last word.

    message: what is being done, or why it failed; then `code` and `hint` are set too.
    """

    state: State
    guardian_pid: int
    message: str = ""
    hint: str = ""
    code: str = ""
    socket_dir: str = ""

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read the status; None when there is none or it makes no sense."""
        try:
            return cls.from_bytes((folder / FILE_NAME).read_bytes())
        except OSError:
            return None

    @classmethod
    def from_bytes(cls, data: bytes) -> Self | None:
        """Read what `as_bytes` wrote; None when it makes no sense."""
        try:
            return cls(**json.loads(data))
        except (ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Replace the status. Raises OSError when the disk is full or the folder is gone."""
        draft = folder / f"{FILE_NAME}.new"
        draft.write_bytes(self.as_bytes())
        draft.replace(folder / FILE_NAME)

    def as_bytes(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self)).encode()

    def error(self) -> Unavailable:
        """Return the failure as an error."""
        return Unavailable(self.code, self.message, self.hint)

    def of_living_guardian(self) -> bool:
        """Tell whether the process that wrote this still is a guardian (pids are reused)."""
        try:
            command = Path(f"/proc/{self.guardian_pid}/cmdline").read_bytes()
        except OSError:
            return False
        return b"dispatch.kernel.postgres.guardian" in command and _not_zombie(self.guardian_pid)


def say_leaving(folder: Path) -> None:
    """Tell the guardian that a user has given its share back: if it was the last one, nobody is to be waited for."""
    status = Status.read(folder)
    if status is not None and status.of_living_guardian():
        with contextlib.suppress(ProcessLookupError):
            os.kill(status.guardian_pid, LEAVING)


def _not_zombie(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] != "Z"
    return False


def socket_file(socket_dir: str | Path) -> str:
    """Return the path of the server's Unix socket inside its folder."""
    return os.path.join(socket_dir, f".s.PGSQL.{PORT}")  # noqa: PTH118 - it goes to connect() as text
