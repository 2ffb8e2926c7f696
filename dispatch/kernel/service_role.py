"""The role that the service works as: it owns nothing, and the journal it can only read and append to.

The owner's address is for migrations alone. `grant` runs as the owner after every migration and every restore (a backup
carries no privileges) and is idempotent. Roles belong to the whole server: several databases share this one, each with
its own grants.

`service_access` finds the way in, by trying:

1. Log in as `tarim_service` over the socket: the embedded server, where the kernel vouches for the account (`peer`).
2. Log in as the owner and become `tarim_service` as the connection starts: an own PostgreSQL whose account may make
   roles. A program that can run any SQL of its own could step back (`SET ROLE NONE`).
3. Where the account may not make roles, the owner's own rights, with a warning. An administrator helps with
   `CREATE ROLE tarim_service LOGIN NOINHERIT; GRANT tarim_service TO <account>;` and then `tarim db upgrade`.

For a hard line on an own PostgreSQL an administrator gives the role a password, and the service an address with it.
Whatever happens to the rights, triggers refuse changes of the journal and its chain shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import asyncpg
from sqlalchemy import Connection, make_url, text

from dispatch.kernel.db import async_url, connecting, translated
from dispatch.kernel.errors import DatabaseUnavailable
from dispatch.kernel.postgres.cluster import SERVICE_ROLE

_WARNING: Final = (
    "The service works with the rights of the database's owner, because the account may not use a role of its own"
    f" ({SERVICE_ROLE}). The journal is kept by triggers and its chain alone."
)

# Two databases of one server may be migrated at the same time: whoever comes second finds the role made.
_MAKE: Final = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tarim_service') THEN
        CREATE ROLE tarim_service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END
$$
"""

# A superuser may take any role; from 16 on, whoever made a role has still to be allowed to take it.
_JOIN: Final = """
DO $$
DECLARE
    newer boolean := current_setting('server_version_num')::int >= 160000;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tarim_service')
       AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
       AND NOT pg_has_role('tarim_service', CASE WHEN newer THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE 'GRANT tarim_service TO CURRENT_USER'
            || CASE WHEN newer THEN ' WITH SET TRUE, INHERIT FALSE' ELSE '' END;
    END IF;
EXCEPTION
    WHEN unique_violation OR insufficient_privilege THEN NULL;
END
$$
"""

_GRANT: Final = """
DO $$
DECLARE
    owned record;
BEGIN
    IF to_regclass('public.journal') IS NULL
       OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tarim_service') THEN
        RETURN;
    END IF;
    IF NOT has_database_privilege('tarim_service', current_database(), 'CONNECT') THEN
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO tarim_service', current_database());
    END IF;
    IF NOT has_schema_privilege('tarim_service', 'public', 'USAGE') THEN
        GRANT USAGE ON SCHEMA public TO tarim_service;
    END IF;
    FOR owned IN SELECT relname, relkind FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
                   AND pg_has_role(relowner, 'USAGE') LOOP
        EXECUTE format(
            CASE
                WHEN owned.relkind = 'S' THEN 'GRANT USAGE, SELECT ON SEQUENCE public.%I TO tarim_service'
                WHEN owned.relname IN ('journal', 'alembic_version') THEN 'REVOKE ALL ON public.%I FROM tarim_service'
                ELSE 'GRANT SELECT, INSERT, UPDATE, DELETE ON public.%I TO tarim_service'
            END, owned.relname);
    END LOOP;
    GRANT SELECT, INSERT ON public.journal TO tarim_service;
    GRANT SELECT ON public.alembic_version TO tarim_service;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tarim_service;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO tarim_service;
END
$$
"""


@dataclass(frozen=True, slots=True)
class ServiceAccess:
    """How the service connects: the address, the role to take as each connection starts, and a word of warning."""

    url: str
    role: str | None = None
    warning: str | None = None


def grant(connection: Connection) -> None:
    """Make the role if that is allowed, and give it its rights in this database. Runs as the owner; idempotent.

    Does nothing before the journal is there. For the edge of migrations, which commits.
    """
    if connection.scalar(text("SELECT to_regclass('public.journal') IS NULL")):
        return
    for statement in (_MAKE, _JOIN, _GRANT):
        connection.exec_driver_sql(statement)


async def service_access(url: str) -> ServiceAccess:
    """Return how the service gets into the database of the owner's `url`. Raises DatabaseUnavailable."""
    plain = async_url(url)
    address = make_url(plain)
    if not address.password and await _lets_in(direct := address.set(username=SERVICE_ROLE).render_as_string()):
        return ServiceAccess(direct)
    if await _lets_in(plain, role=SERVICE_ROLE):
        return ServiceAccess(plain, SERVICE_ROLE)
    return ServiceAccess(plain, None, _WARNING)


async def _lets_in(url: str, role: str | None = None) -> bool:
    """Try whether it opens, and with bounded rights."""
    settings = {"application_name": "tarim access", **({"role": role} if role else {})}
    try:
        async with connecting():
            connection = await asyncpg.connect(_dsn(url), timeout=10, server_settings=settings)
    except DatabaseUnavailable as error:
        if error.code == "database.refused":
            return False
        raise
    except asyncpg.PostgresError:
        return False  # no such role, or it may not be taken
    try:
        async with translated():
            found: bool = await connection.fetchval(
                "SELECT current_user = $1 AND NOT rolsuper AND has_table_privilege('public.journal', 'INSERT')"
                " FROM pg_roles WHERE rolname = current_user",
                SERVICE_ROLE,
            )
            return found
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close(timeout=5)


def _dsn(url: str) -> str:
    return url.replace("postgresql+asyncpg:", "postgresql:", 1)
