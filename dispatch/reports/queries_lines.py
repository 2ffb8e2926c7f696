"""Reading the journal in bulk: only the fields that the record table is made of, made into text by the database."""

from __future__ import annotations

import asyncio
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.kernel.prepared import driver_of
from dispatch.reports.rules_lines import FAMILIES, HEAD, PLACES

_PAUSE_S: Final = 0.002
"""The server sends 8 kB at a time, and each taking costs a turn of the loop. Meanwhile a socket holds some 200 kB."""


async def copy_lines(session: AsyncSession, after_seq: int, until_seq: int) -> bytes:
    """Return the lines of all families after one number and up to another, in any order: text for `read_lines`."""
    driver = await driver_of(session)
    parts: list[bytes] = []

    async def take(data: bytes) -> None:
        parts.append(data)
        await asyncio.sleep(_PAUSE_S)

    await driver.copy_from_query(_SQL, after_seq, until_seq, output=take, format="csv")
    return b"".join(parts)


def _sql() -> str:
    # Names of types and fields stand in this program: nothing of a request reaches the text.
    known = ", ".join(
        f"('{name}', '{kind}', {', '.join([*there, *keys, *['NULL'] * (PLACES - len(keys))])})"
        for name, family in FAMILIES.items()
        for there in [[str(column in family.head) for column in HEAD]]
        for keys in [[f"'{key}'" for key in family.told()]]
        for kind in family.types
    )
    columns = [*(f"has_{column}" for column in HEAD), *(f"key_{place}" for place in range(PLACES))]
    told = [f"CASE WHEN has_{column} THEN {column} END" for column in HEAD]
    told += [f"payload->>key_{place}" for place in range(PLACES)]
    return (
        f"SELECT family, {', '.join(told)} FROM journal JOIN (VALUES {known})"  # noqa: S608 - see above
        f" AS known (family, type, {', '.join(columns)}) USING (type) WHERE seq > $1 AND seq <= $2"
    )


_SQL: Final = _sql()
"""One way through the journal for all families: of each type a table of keys says what stands in which place."""
