"""Reading the journal in bulk: only the fields that the record table is made of, made into text by the database."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.prepared import driver_of
from dispatch.reports.rules_lines import FAMILIES, Family

_PERSON: Final = "incident.cancelled"


async def copy_lines(session: AsyncSession, family: Family, after_seq: int, until_seq: int) -> bytes:
    """Return the lines of a family after one number and up to another, in their order: text for `read_lines`."""
    driver = await driver_of(session)
    parts: list[bytes] = []

    async def take(data: bytes) -> None:
        parts.append(data)

    await driver.copy_from_query(
        _SQL[family.types], after_seq, until_seq, list(family.types), output=take, format="csv"
    )
    return b"".join(parts)


def _sql(family: Family) -> str:
    # Names of fields stand in this program: nothing of a request reaches the text.
    fields = ", ".join(
        f"COALESCE({', '.join(told)}) AS {name}" if len(told) > 1 else f"{told[0]} AS {name}"
        for name, keys in family.fields.items()
        for told in [[f"payload->>'{key}'" for key in keys]]
    )
    return (
        f"SELECT seq, type, occurred_at, subject, organisation, actor, {fields} FROM journal"  # noqa: S608 - see above
        " WHERE seq > $1 AND seq <= $2 AND type = ANY ($3::text[]) ORDER BY seq"
    )


_SQL: Final = {family.types: _sql(family) for family in FAMILIES.values()}
