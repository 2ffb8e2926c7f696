"""One run of PostgreSQL's main process, as a child of the guardian."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from dispatch.kernel.postgres.accounts import own_account
from dispatch.kernel.postgres.cluster import explain, remove_socket
from dispatch.kernel.postgres.layout import Layout
from dispatch.kernel.postgres.processes import in_folder, send, spawn, wait_until
from dispatch.kernel.postgres.status import PORT

LOG_LIMIT_BYTES = 8_000_000
_SETTINGS = {
    "listen_addresses": "",  # no TCP: the socket's folder is the door
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] %a ",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # the details of an error quote rows
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}


class Postmaster:
    """Starts, watches and stops PostgreSQL. `options` come on top of the settings for a small server."""

    def __init__(self, layout: Layout, options: Mapping[str, str]) -> None:
        self._layout = layout
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def start(self) -> None:
        """Start it and wait until it takes connections; recovery takes as long as it takes. Raises Unavailable."""
        layout = self._layout
        settings = _SETTINGS | {
            "unix_socket_directories": str(layout.socket_dir),
            "hba_file": str(layout.base / "pg_hba.conf"),
            "ident_file": str(layout.base / "pg_ident.conf"),
            **self._options,
        }
        command: list[str | Path] = [layout.program("postgres"), "-D", layout.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.trim_log()
        try:
            log = os.open(layout.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise explain("PostgreSQL did not start", f"{error.strerror}: {layout.log}") from error
        try:
            self._log_start = os.fstat(log).st_size
            # SIGINT is PostgreSQL's fast shutdown: also when the guardian is killed, it leaves clean files.
            self._process = spawn(command, layout.account, death_signal=signal.SIGINT, output=log)
        finally:
            os.close(log)
        while not self._is_ready():
            if not self.is_alive():
                raise explain("PostgreSQL did not start", self._log_tail())
            time.sleep(0.01)

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop it: first so that it leaves clean files, at last by force. Removes its socket."""
        if self._process is not None:
            for number, patience_s in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                if self.is_alive():
                    self._process.send_signal(number)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._process.wait(patience_s)
            self._end_children()
        remove_socket(self._layout)
        with contextlib.suppress(OSError):
            self._layout.socket_dir.rmdir()

    def clear_up_after_crash(self) -> None:
        """Clear away what keeps a new postmaster from starting after one died: its children and its socket."""
        self._end_children()
        remove_socket(self._layout)

    def trim_log(self) -> None:
        """Keep one older log; the running server goes on writing to the emptied file."""
        log = self._layout.log
        with contextlib.suppress(OSError):
            if log.stat().st_size > LOG_LIMIT_BYTES:
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)

    def _end_children(self) -> None:
        data = self._layout.data
        for number in (None, signal.SIGQUIT, signal.SIGKILL):
            for pid in in_folder(data) if number else ():
                send(pid, number or signal.SIGQUIT)
            if wait_until(lambda: not in_folder(data), 3.0):
                return

    def _is_ready(self) -> bool:
        # PostgreSQL tells its state in the eighth line of its pid file; pg_ctl reads it there too.
        assert self._process is not None  # noqa: S101 - start() made it
        try:
            lines = (self._layout.data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(self._process.pid) and lines[7].strip() == "ready"

    def _log_tail(self) -> str:
        try:
            with self._layout.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read(20_000).decode("utf-8", "replace")
        except OSError:
            return ""


def describe_account(layout: Layout) -> str:
    """Tell in a few words which account runs the server, when it is not our own."""
    own = own_account()
    return "" if own.uid == layout.account.uid else f" as {layout.account.name}"
