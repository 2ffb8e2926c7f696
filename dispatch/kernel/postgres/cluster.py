"""The data folder: made whole or not at all, and never touched when it is not ours."""

import contextlib
import os
import shutil
import signal
import uuid
from pathlib import Path

from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres.accounts import name_of
from dispatch.kernel.postgres.layout import Layout
from dispatch.kernel.postgres.processes import in_folder, send, spawn, wait_until
from dispatch.kernel.postgres.status import socket_file

ROLE = "tarim"
SERVICE_ROLE = "tarim_service"
"""Owns nothing; made by the migrations (`dispatch.kernel.service_role`)."""
DATABASE = "tarim"
_DRAFT = "data.new-"
_BUILTIN_LOCALE_SINCE = 17


def make_if_missing(layout: Layout) -> None:
    """Make the data folder when there is none. Raises Unavailable with what to do; nothing half made stays behind."""
    for left in layout.base.glob(f"{_DRAFT}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not layout.data.exists():
        _make(layout)


def check(layout: Layout) -> None:
    """Raise Unavailable unless the data folder is whole, ours and of this PostgreSQL version."""
    data = layout.data
    owner = data.stat().st_uid
    if owner != layout.account.uid:
        raise Unavailable(
            "postgres.foreign_data",
            f"The database folder {data} belongs to {name_of(owner)}, not to {layout.account.name}.",
            "Run Tarim as the account that made it, or set TARIM_HOME to another folder.",
        )
    try:
        version = (data / "PG_VERSION").read_text("ascii").strip()
    except (OSError, ValueError):
        raise Unavailable(
            "postgres.no_database",
            f"The folder {data} is there but holds no database.",
            "Move it away if nothing in it is needed, or put the database folder back.",
        ) from None
    if version != str(layout.major):
        raise Unavailable(
            "postgres.other_version",
            f"The database folder {data} was made by PostgreSQL {version}, and this is PostgreSQL {layout.major}.",
            "Make a backup with the Tarim that made it (tarim db backup), then restore it into a fresh TARIM_HOME.",
        )


def write_access_rules(layout: Layout) -> None:
    """Write who may connect: over the socket only, and only the account that runs Tarim.

    The kernel vouches for the account (`peer`), so there is no password to keep, and other programs of an account
    such as `nobody` stay outside.
    """
    own = name_of(os.geteuid()).replace('"', '""')
    _write(layout.base / "pg_hba.conf", "local all all peer map=tarim\nlocal replication all reject\n")
    _write(layout.base / "pg_ident.conf", f'tarim "{own}" {ROLE}\ntarim "{own}" {SERVICE_ROLE}\n')


def stop_strays(layout: Layout) -> None:
    """Stop a server that a killed guardian left behind, and wait for its last process.

    A pid file may name a process that has nothing to do with us: only PostgreSQL processes that stand in our data
    folder count. While one of them lives, no second server may start: both would write the same files.
    """
    for number, patience_s in ((None, 0.5), (signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        for pid in in_folder(layout.data) if number else ():
            send(pid, number or signal.SIGINT)
        if wait_until(lambda: not in_folder(layout.data), patience_s):
            break
    else:
        raise Unavailable(
            "postgres.stray",
            f"An old PostgreSQL process still uses {layout.data} and does not end.",
            f"End the processes {', '.join(map(str, in_folder(layout.data)))} by hand.",
        )
    _forget_reused_pid(layout.data / "postmaster.pid")
    remove_socket(layout)


def remove_socket(layout: Layout) -> None:
    """Remove what a server that has ended left in the socket's folder; its lock names a pid just as the pid file."""
    socket = socket_file(layout.socket_dir)
    for path in (socket, f"{socket}.lock"):
        with contextlib.suppress(OSError):
            Path(path).unlink()


def _forget_reused_pid(pid_file: Path) -> None:
    """Remove a pid file whose number now belongs to some other program: PostgreSQL would not start beside it.

    Nobody works in the folder any more. A file with a dead number stays: PostgreSQL takes further precautions by it.
    """
    try:
        pid = int(pid_file.read_text("utf-8").split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:
        pid = 0
    if pid <= 0 or Path(f"/proc/{pid}").exists():
        pid_file.unlink(missing_ok=True)


def explain(what: str, output: str) -> Unavailable:
    """Turn the output of one of PostgreSQL's programs into one sentence."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if any("No space left on device" in line or "Disk quota exceeded" in line for line in lines):
        return Unavailable("postgres.disk_full", f"{what}: the disk is full.", "Free some space and start again.")
    telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "could not"))]
    reason = (telling or lines or ["it gave no reason"])[-1].rstrip(".")
    return Unavailable("postgres.start_failed", f"{what}: {reason}.", "See the file postgres/server.log in TARIM_HOME.")


def _make(layout: Layout) -> None:
    account = layout.account
    draft = layout.base / f"{_DRAFT}{uuid.uuid4().hex}"
    try:
        draft.mkdir(mode=0o700)
        if account.uid != os.geteuid():
            os.chown(draft, account.uid, account.gid, follow_symlinks=False)
        _run(layout, "The database could not be made", ["initdb", "-D", draft, *_initdb_options(layout.major)])
        # Single-user mode: the database is there before the first server is.
        question = f"CREATE DATABASE {DATABASE}\n".encode()
        command: list[str | Path] = ["postgres", "--single", "-D", draft, "-c", "exit_on_error=on", "postgres"]
        _run(layout, "The database could not be made", command, question)
        draft.rename(layout.data)
    except OSError as error:
        raise explain("The database could not be made", f"{error.strerror}: {layout.base}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _initdb_options(major: int) -> list[str]:
    # C.UTF-8 sorts by code point, everywhere the same: an index never breaks with an update of the C library.
    if major >= _BUILTIN_LOCALE_SINCE:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        locale = ["--locale=C.UTF-8", "--locale-provider=libc"]
    return [f"--username={ROLE}", "--encoding=UTF8", *locale, "--auth=reject", "--data-checksums", "--no-instructions"]


def _run(layout: Layout, what: str, command: list[str | Path], question: bytes | None = None) -> None:
    with (layout.base / f"{_DRAFT}output").open("w+b") as output:
        source, sink = os.pipe()
        with os.fdopen(source, "rb") as stdin:
            with os.fdopen(sink, "wb") as pen:
                pen.write(question or b"")
            process = spawn(
                [layout.program(str(command[0])), *command[1:]],
                layout.account,
                death_signal=signal.SIGKILL,
                output=output,
                stdin=stdin,
            )
        try:
            process.wait()
        finally:
            with contextlib.suppress(OSError):
                process.kill()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    (layout.base / f"{_DRAFT}output").unlink(missing_ok=True)
    if process.returncode != 0 or (question is not None and ("ERROR" in text or "FATAL" in text)):
        raise explain(what, text)


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    try:
        draft.write_text(text, "utf-8")
        draft.chmod(0o644)  # read by the account that runs PostgreSQL; it holds no secret
        draft.replace(path)
    except OSError as error:
        raise explain("PostgreSQL's access rules could not be written", f"{error.strerror}: {path}") from error
