"""Where everything of the embedded server lives.

In `TARIM_HOME/postgres` (the *run* folder): the locks, the status, the logs. Beside them, where the account that runs
PostgreSQL can reach it, the *base*: data, socket and access rules. Where it cannot (root's PostgreSQL runs as an
unprivileged account, which cannot pass a 0700 folder), the base is `/var/lib/tarim/<hash of the home>`. Permissions
of folders that are not ours are never changed.
"""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path

from dispatch.kernel.errors import Unavailable
from dispatch.kernel.postgres.accounts import Account, can_enter, name_of, server_account
from dispatch.kernel.postgres.processes import clean_environment
from dispatch.kernel.postgres.status import socket_file

ROOT_STORE = Path("/var/lib/tarim")
RUN_FOLDER = "postgres"
_SOCKET_LIMIT_BYTES = 107
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./+@-]+")


@dataclass(frozen=True)
class Layout:
    """The folders of one home's server, and the account that runs it."""

    run: Path
    base: Path
    socket_dir: Path
    install: Path
    account: Account
    major: int

    @property
    def data(self) -> Path:
        """The data folder (PGDATA)."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """PostgreSQL's log."""
        return self.run / "server.log"

    def program(self, name: str) -> Path:
        """Return the path of one of PostgreSQL's programs."""
        return self.install / "bin" / name


def lay_out(run: Path, install: Path) -> Layout:
    """Decide on the folders and make those that are missing. `install` holds PostgreSQL's `bin` and `share`.

    Raises Unavailable when a folder belongs to somebody else or cannot be reached.
    """
    account = server_account()
    base = _base(run, account)
    usable = _usable_install(install, account)
    return Layout(run, base, _socket_dir(base, account), usable, account, major_of(usable))


def digest(path: Path) -> str:
    """Return the short name of a path, the same for all its spellings."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]


def major_of(install: Path) -> int:
    """Return the major version of the PostgreSQL in `install`."""
    answer = subprocess.run(  # noqa: S603 - our own binary
        [install / "bin" / "postgres", "--version"],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        raise Unavailable(
            "postgres.broken_install",
            f"The PostgreSQL program in {install} does not run: {answer.stderr.strip() or 'no answer'}.",
            "Install Tarim again.",
        )
    return int(found[1])


def _base(run: Path, account: Account) -> Path:
    if account.uid == os.geteuid():
        return run
    away = ROOT_STORE / digest(run.parent)
    here_is_data, away_is_data = (run / "data").exists(), (away / "data").exists()
    reachable = can_enter(run, account)
    if here_is_data and away_is_data:
        raise Unavailable(
            "postgres.two_data_folders",
            f"There are two database folders for this home: {run / 'data'} and {away / 'data'}.",
            "Keep the right one and move the other away.",
        )
    if here_is_data and not reachable:
        raise Unavailable(
            "postgres.unreachable",
            f"The account {account.name}, which runs PostgreSQL for root, can no longer reach {run / 'data'}.",
            f"Let others pass through the folders above it again, or move it to {away / 'data'}.",
        )
    if here_is_data or (reachable and not away_is_data):
        return run
    _own_folder(ROOT_STORE, 0o711)
    _own_folder(away, 0o711)
    if not can_enter(away, account):
        raise Unavailable(
            "postgres.unreachable",
            f"The account {account.name}, which runs PostgreSQL for root, can reach neither {run} nor {away}.",
            "Set TARIM_HOME to a folder that others may pass through, or run Tarim as an ordinary user.",
        )
    return away


def _usable_install(install: Path, account: Account) -> Path:
    """Return `install`, or a copy of it that the account can reach."""
    if account.uid == os.geteuid() or _runs_as(install, account):
        return install
    made = (install / "bin" / "postgres").stat()
    copy = ROOT_STORE / f"binaries-{digest(install)}-{made.st_size:x}-{made.st_mtime_ns:x}"
    # The programs find their libraries by their place: .../<package>/<install>/bin and .../<package>.libs
    package = install.parent
    target = copy / package.name / install.name
    _own_folder(ROOT_STORE, 0o711)
    if not copy.exists():
        draft = ROOT_STORE / f"binaries.new-{uuid.uuid4().hex}"
        try:
            _copy(install, draft / package.name / install.name)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                _copy(libraries, draft / libraries.name)
            _open_to_readers(draft)
            if not copy.exists():
                draft.rename(copy)
        except (OSError, shutil.Error) as error:
            raise Unavailable(
                "postgres.copy_failed",
                f"PostgreSQL's programs could not be copied to {copy}: {error}.",
                "Free some space.",
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    if not _runs_as(target, account):
        raise Unavailable(
            "postgres.unreachable",
            f"The account {account.name}, which runs PostgreSQL for root, cannot run the programs in {target}.",
            f"Remove {copy} and check that {ROOT_STORE} is not mounted noexec.",
        )
    return target


def _runs_as(install: Path, account: Account) -> bool:
    # Tried, not computed: the programs need the libraries beside the package too.
    return all(_exit_code(install / "bin" / name, account) == 0 for name in ("initdb", "postgres"))


def _exit_code(program: Path, account: Account) -> int:
    try:
        return subprocess.run(  # noqa: S603 - our own binary
            [program, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            env=clean_environment(),
            capture_output=True,
            check=False,
        ).returncode
    except OSError:
        return -1


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs"))


def _open_to_readers(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def _own_folder(folder: Path, mode: int) -> None:
    """Make a folder of our own, or check that what is there is one: ours, no link, closed to others' writing."""
    try:
        folder.mkdir(mode=mode)
        folder.chmod(mode)  # the umask may have taken something away
    except FileExistsError:
        check_owner(folder, os.geteuid())
    except OSError as error:
        raise Unavailable(
            "postgres.folder",
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Set TARIM_HOME to another folder.",
        ) from error


def check_owner(folder: Path, uid: int, *, private: bool = False) -> None:
    """Raise Unavailable unless `folder` is a real folder of `uid` that others cannot write (or, private, not enter)."""
    found = folder.lstat()
    forbidden = 0o077 if private else 0o022
    if not stat.S_ISDIR(found.st_mode):
        problem = "is not a folder"
    elif found.st_uid != uid:
        problem = f"belongs to {name_of(found.st_uid)}, not to {name_of(uid)}"
    elif found.st_mode & forbidden:
        problem = f"is open to others (mode {stat.S_IMODE(found.st_mode):04o})"
    else:
        return
    raise Unavailable(
        "postgres.foreign_folder",
        f"{folder} {problem}.",
        "Run Tarim as the account it belongs to, or set TARIM_HOME to another folder.",
    )


def _socket_dir(base: Path, account: Account) -> Path:
    """Return the socket's private folder, made if missing: in the base, or a short one where its path is too long."""
    folder = base / "socket"
    path = socket_file(folder)
    if len(os.fsencode(path)) > _SOCKET_LIMIT_BYTES or not _PLAIN_PATH.fullmatch(path):
        folder = _short_folder(base, account)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account.uid != os.geteuid():
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    check_owner(folder, account.uid, private=True)
    return folder


def _short_folder(base: Path, account: Account) -> Path:
    name = f"tarim-{os.geteuid()}-{digest(base)}"
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    path = socket_file(runtime / name)
    if (
        account.uid == os.geteuid()
        and _PLAIN_PATH.fullmatch(path)
        and len(os.fsencode(path)) <= _SOCKET_LIMIT_BYTES
        and runtime.is_dir()
        and runtime.stat().st_uid == account.uid
    ):
        return runtime / name
    return Path("/tmp") / name  # noqa: S108 - short by need; private and its owner checked before use
