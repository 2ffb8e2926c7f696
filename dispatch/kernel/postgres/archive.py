"""Backups: one file with everything, and the way back, whole or not at all.

Works for the embedded server and for an own one. The programs are those of the built-in PostgreSQL: version 16's for
servers up to 16 (newer ones write settings that old servers do not know), version 18's for the rest.
"""

import asyncio
import contextlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import URL, make_url

from dispatch.kernel.db import async_url, connecting, translated
from dispatch.kernel.errors import Conflict, DatabaseUnavailable, Invalid, NotFound, Refused, Unavailable
from dispatch.kernel.postgres.tools import NEWEST_MAJOR, read_archive, run_tool

_OUR_TABLE = "public.alembic_version"
_RESTORE_LOCK = int.from_bytes(b"rest", "big")
_KEEPERS = ("postgres", "template1")
_SWAP_ATTEMPTS = 5


async def backup(
    url: str, file: Path, *, overwrite: bool = False, progress: Callable[[str], None] | None = None
) -> None:
    """Write the whole database into `file` (PostgreSQL's custom format, readable by its owner only).

    The file appears when it is whole. Raises Conflict (it exists), DatabaseUnavailable, Unavailable (disk, version).
    """
    if not overwrite and await asyncio.to_thread(file.exists):
        raise Conflict("backup.exists", f"The file {file} is there already.", "Choose another name.")
    address = make_url(async_url(url))
    async with _connected(address) as connection:
        major = _major(connection)
        await _must_be_ours(connection, "backup.not_ours")
    _tell(progress, f"Writing the backup {file}.")
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        output = await run_tool(
            "pg_dump", major, ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft}"], address
        )
        if output is not None:
            raise _failure("backup.failed", "The backup could not be written", output)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    except OSError as error:
        raise Unavailable(
            "backup.failed", f"The backup cannot be written to {file}: {error.strerror}.", "Choose another place."
        ) from error
    finally:
        draft.unlink(missing_ok=True)


async def restore(url: str, file: Path, *, force: bool = False, progress: Callable[[str], None] | None = None) -> None:
    """Replace the database by what `file` holds.

    It is filled beside the present one, which is replaced by renaming in one transaction, only when all of it is in.
    Raises NotFound (no file), Invalid (`restore.damaged`, `restore.not_ours`, `restore.newer_version`), Refused
    (`restore.in_use` unless `force`, which cuts the others off; `restore.running`; `restore.not_allowed`).
    """
    if not await asyncio.to_thread(file.is_file):
        raise NotFound("restore.no_file", f"There is no backup file {file}.", "Check the name.")
    address = make_url(async_url(url))
    name = address.database or ""
    _tell(progress, f"Checking the backup {file}.")
    header = await read_archive(file)
    if header is None:
        raise _damaged(file)
    async with _connected(address, keeper=True) as keeper:
        major = _major(keeper)
        written_by = re.search(r"Dumped from database version: (\d+)", header)
        if written_by is not None and int(written_by[1]) > major:
            raise Invalid(
                "restore.newer_version",
                f"The backup {file} comes from PostgreSQL {written_by[1]}, newer than this server ({major}).",
                "Restore it into a server of that version or a newer one.",
            )
        if not await keeper.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", _RESTORE_LOCK, name):
            raise Refused("restore.running", "Another restore is running.", "Wait until it has ended.")
        if not force:
            await _must_be_unused(keeper, name)
        await _drop_leftovers(keeper, name)
        fresh = f"{name[:40]}_restore_{secrets.token_hex(4)}"
        await _create(keeper, fresh)
        try:
            _tell(progress, f"Reading the backup {file}.")
            output = await run_tool(
                "pg_restore",
                major,
                ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={fresh}", str(file)],
                address.set(database=fresh),
            )
            if output is not None:
                raise _failure("restore.failed", f"The backup {file} could not be restored", output)
            async with _connected(address.set(database=fresh)) as connection:
                await _must_be_ours(connection, "restore.not_ours")
            _tell(progress, "Putting it in the place of the present database.")
            await _swap(keeper, name, fresh, force=force)
        finally:
            # After the swap this name is the old database's.
            await keeper.execute(f"DROP DATABASE IF EXISTS {_quoted(fresh)} WITH (FORCE)")


async def _swap(keeper: asyncpg.Connection, name: str, fresh: str, *, force: bool) -> None:
    """Exchange two databases' names in one transaction. The server refuses while anybody is connected to either."""
    known = await keeper.fetchval("SELECT true FROM pg_database WHERE datname = $1", name)
    aside = f"{fresh}_old"
    for attempt in range(_SWAP_ATTEMPTS):
        if force:
            await keeper.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name
            )
        try:
            async with keeper.transaction():
                if known:
                    await keeper.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(aside)}")
                await keeper.execute(f"ALTER DATABASE {_quoted(fresh)} RENAME TO {_quoted(name)}")
                if known:
                    await keeper.execute(f"ALTER DATABASE {_quoted(aside)} RENAME TO {_quoted(fresh)}")
        except asyncpg.ObjectInUseError:
            # Somebody came in since. Cut off, a service connects again at once: a new attempt gets in between.
            if not force or attempt == _SWAP_ATTEMPTS - 1:
                raise _in_use("other programs") from None
        else:
            return


async def _must_be_unused(keeper: asyncpg.Connection, name: str) -> None:
    others = await keeper.fetch(
        "SELECT DISTINCT application_name FROM pg_stat_activity"
        " WHERE datname = $1 AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
        name,
    )
    if others:
        names = ", ".join(sorted(row[0] or "an unnamed program" for row in others))
        raise _in_use(names)


def _in_use(by: str) -> Refused:
    return Refused(
        "restore.in_use",
        f"The database is in use by {by}.",
        "Stop the service first, or say that it shall be cut off (--force).",
    )


async def _drop_leftovers(keeper: asyncpg.Connection, name: str) -> None:
    """Drop what a killed restore left behind; we hold the lock, so none is running."""
    pattern = re.compile(re.escape(f"{name[:40]}_restore_") + r"[0-9a-f]{8}")
    for row in await keeper.fetch("SELECT datname FROM pg_database"):
        if pattern.fullmatch(row[0]):
            await keeper.execute(f"DROP DATABASE IF EXISTS {_quoted(row[0])} WITH (FORCE)")


async def _create(keeper: asyncpg.Connection, name: str) -> None:
    try:
        await keeper.execute(f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8'")
    except asyncpg.InsufficientPrivilegeError as error:
        raise Refused(
            "restore.not_allowed",
            "The database account may not make a new database, which a restore needs.",
            "Let an administrator grant it: ALTER ROLE ... CREATEDB.",
        ) from error
    except asyncpg.DiskFullError as error:
        raise Unavailable("restore.disk_full", "The database's disk is full.", "Free some space.") from error


async def _must_be_ours(connection: asyncpg.Connection, code: str) -> None:
    if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", _OUR_TABLE):
        what = "The database" if code.startswith("backup") else "The backup"
        raise Invalid(code, f"{what} holds no schema of Tarim.", "Check that it is the right one.")


@asynccontextmanager
async def _connected(address: URL, *, keeper: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the database, or (keeper) to one beside it, from which it can be replaced."""
    dsn = address.set(drivername="postgresql")
    connection: asyncpg.Connection | None = None
    for name in _KEEPERS if keeper else (address.database,):
        try:
            async with connecting():
                connection = await asyncpg.connect(
                    dsn.set(database=name).render_as_string(hide_password=False),
                    timeout=10,
                    server_settings={"application_name": f"tarim backup of {address.database}"[:63]},
                )
            break
        except DatabaseUnavailable as error:
            if error.code != "database.refused" or not keeper or name == _KEEPERS[-1]:
                raise
    assert connection is not None  # noqa: S101 - the last failure was raised
    try:
        async with translated():
            yield connection
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=5)


def _major(connection: asyncpg.Connection) -> int:
    major = connection.get_server_version().major
    if major > NEWEST_MAJOR:
        raise Unavailable(
            "backup.newer_server",
            f"The server is PostgreSQL {major}, and the backup programs here know versions up to {NEWEST_MAJOR}.",
            "Use that version's own pg_dump and pg_restore.",
        )
    return major


def _damaged(file: Path) -> Invalid:
    return Invalid(
        "restore.damaged", f"The file {file} is not a whole backup.", "Nothing was changed; take another backup file."
    )


def _failure(code: str, what: str, output: str) -> Unavailable:
    lines = [line.strip() for line in output.splitlines() if "error" in line.lower()] or output.splitlines()[-1:]
    reason = lines[0].split("error: ", 1)[-1].rstrip(".") if lines else "no reason given"
    return Unavailable(code, f"{what}: {reason}.", "Nothing was changed.")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tell(progress: Callable[[str], None] | None, message: str) -> None:
    if progress is not None:
        progress(message)
