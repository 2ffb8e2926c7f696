"""Which account runs PostgreSQL, and what that account can reach.

PostgreSQL refuses to run as root. Root therefore starts it as `postgres`, or else as `nobody`.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from dispatch.kernel.errors import Unavailable


@dataclass(frozen=True)
class Account:
    """An operating-system account."""

    name: str
    uid: int
    gid: int


def own_account() -> Account:
    """Return the account this process runs as. Raises Unavailable when it has no name."""
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise Unavailable(
            "postgres.nameless_account",
            f"The account with the number {os.geteuid()} has no name, and PostgreSQL needs one.",
            "Add it to /etc/passwd, or set TARIM_DATABASE_URL to a PostgreSQL of your own.",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def server_account() -> Account:
    """Return the account that runs PostgreSQL. Raises Unavailable when root finds none to use."""
    own = own_account()
    if own.uid != 0:
        return own
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise Unavailable(
        "postgres.no_account",
        "PostgreSQL cannot run as root, and there is neither an account `postgres` nor `nobody` to run it as.",
        "Run Tarim as an ordinary user, or add an account named postgres.",
    )


def name_of(uid: int) -> str:
    """Return the name of an account, or its number in words."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the account number {uid}"


def can_enter(folder: Path, account: Account) -> bool:
    """Tell whether `account` can pass through `folder` and all above it: it is tried, not computed."""
    if account.uid == os.geteuid():
        return os.access(folder, os.X_OK)
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            os.chdir(folder)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
