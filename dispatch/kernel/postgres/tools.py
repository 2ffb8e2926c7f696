"""PostgreSQL's own pg_dump, pg_restore and psql, run as children of this process."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, make_url

from dispatch.kernel.errors import Invalid
from dispatch.kernel.postgres.embedded import built_in_install

NEWEST_MAJOR = 18
_OLD_TOOLS_UP_TO = 16
_OLD_INSTALL = "pginstall"

# How the driver's query settings are called in libpq's environment.
_PASSED_ON = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
}


async def run_tool(name: str, server_major: int, arguments: Sequence[str], address: URL | None) -> str | None:
    """Run a program against `address`. Return None when it went well, its error output when it did not."""
    code, _, errors = await _run(_tool(name, server_major), arguments, address)
    return None if code == 0 else errors


async def run_psql(url: str, statement: str | None) -> int:
    """Let psql talk to whoever sits at this terminal, or run one statement; return its exit code."""
    given = ["--no-psqlrc", "--set=ON_ERROR_STOP=1", *(["--command", statement] if statement is not None else [])]
    process = await asyncio.create_subprocess_exec(
        _tool("psql", NEWEST_MAJOR), *given, env=os.environ | libpq_environment(make_url(url))
    )
    return await process.wait()


async def read_archive(file: Path) -> str | None:
    """Read a whole backup, every block unpacked; return its table of contents, None when it is damaged anywhere."""
    program = _tool("pg_restore", NEWEST_MAJOR)
    listed, listing, _ = await _run(program, ["--list", str(file)], None)
    if listed != 0:
        return None
    read, _, _ = await _run(program, [f"--file={os.devnull}", str(file)], None)
    return listing if read == 0 else None


def libpq_environment(address: URL) -> dict[str, str]:
    """Return the environment that leads libpq's programs to `address`; a password is never an argument."""
    values = {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "tarim backup"}
    parts = {
        "host": address.host,
        "port": address.port,
        "user": address.username,
        "password": address.password,
        **address.query,
    }
    for key, value in parts.items():
        if value is None:
            continue
        if key not in _PASSED_ON:
            raise Invalid(
                "backup.bad_url", f"The database address has a part that backups cannot use: {key}.", "Leave it out."
            )
        # The driver's `ssl=true` is libpq's `sslmode=require`.
        given = ",".join(value) if isinstance(value, tuple) else str(value)
        values[_PASSED_ON[key]] = "require" if key == "ssl" and given == "true" else given
    if address.database:
        values["PGDATABASE"] = address.database
    return values


def _tool(name: str, server_major: int) -> Path:
    newest = built_in_install()
    old = newest.with_name(_OLD_INSTALL)
    install = old if server_major <= _OLD_TOOLS_UP_TO and (old / "bin" / name).is_file() else newest
    return install / "bin" / name


async def _run(program: Path, arguments: Sequence[str], address: URL | None) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # libpq reads the same PG* variables as the driver; what the address says goes before them.
        env=os.environ | {"LC_ALL": "C"} | (libpq_environment(address) if address is not None else {}),
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")
