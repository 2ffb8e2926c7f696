"""What a built table keeps beside its frames, so that the next is made of it: folder `made-with` of the table's folder.

A table is built upon only if it is of this journal (the hash of its last line), and made by these very rules (a digest
of the program's own files): else all is folded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from dispatch.reports.rules_fold import Beside, Context
from dispatch.reports.rules_refold import Before
from dispatch.reports.rules_schema import FRAMES

_FOLDER: Final = "made-with"
_STATE: Final = "state.json"
_FRAMES: Final = ("fleet", "areas", "ends", "duplicates")


class _State(msgspec.Struct, frozen=True):
    """hash: of the journal's last line in the table, hexadecimal; others: incidents of other regions."""

    rules: str
    hash: str
    others: list[str]


@cache
def rules_digest() -> str:
    """SHA-256 of the files that make the record table what it is."""
    digest = hashlib.sha256(pl.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def keep_state(folder: Path, context: Context, beside: Beside, line_hash: bytes) -> None:
    """Write it into a table's folder. Raises OSError."""
    inside = folder / _FOLDER
    inside.mkdir()
    frames = (context.fleet, context.areas, beside.ends, beside.duplicates)
    for name, rows in zip(_FRAMES, frames, strict=True):
        rows.write_parquet(inside / f"{name}.parquet", compression="lz4")
    state = _State(rules_digest(), line_hash.hex(), sorted(context.others))
    (inside / _STATE).write_bytes(msgspec.json.encode(state))


def kept_state(folder: Path, seq: int, line_hash: bytes | None) -> Before | None:
    """Return a table as it was built; None if nothing may be built upon it."""
    inside = folder / _FOLDER
    try:
        state = msgspec.json.decode((inside / _STATE).read_bytes(), type=_State)
        if line_hash is None or (state.rules, state.hash) != (rules_digest(), line_hash.hex()):
            return None
        fleet, areas, ends, duplicates = (pl.read_parquet(inside / f"{name}.parquet") for name in _FRAMES)
    except (OSError, msgspec.DecodeError, pl.exceptions.PolarsError):
        return None
    frames = {name: pl.scan_parquet(folder / f"{name}.parquet") for name in FRAMES}
    return Before(seq, frames, Context(fleet, areas, frozenset(state.others)), Beside(ends, duplicates))
