"""A payload as text, in one form only: the form in which PostgreSQL prints a `jsonb` value.

Keys are sorted by the length of their UTF-8 and then by its bytes; `: ` and `, ` separate; text is escaped where JSON
asks for it and nowhere else; numbers stand in plain positional digits, without exponent. What is hashed is therefore
what the table gives back, byte by byte, and a check needs no parser.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault

MAX_PAYLOAD_BYTES: Final = 32_768
MAX_TEXT: Final = 500
"""Characters of one text in a payload: codes and ids are short, free words belong into a table that can be erased."""
_MAX_DEPTH: Final = 16
_INT64: Final = 2**63

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode


def payload_bytes(payload: Mapping[str, Any]) -> bytes:
    """Return the one form of `payload`, in UTF-8.

    Raises Invalid: `journal.payload_text` (NUL, lone surrogates, control signs, too long a text),
    `journal.payload_value` (not plain JSON), `journal.payload_large` (over 32,768 bytes).
    """
    found = _text(payload, 0).encode()
    if len(found) > MAX_PAYLOAD_BYTES:
        raise Invalid(
            "journal.payload_large", f"A journal line may carry {MAX_PAYLOAD_BYTES} bytes; this one has {len(found)}."
        )
    return found


def same_value(printed: bytes) -> bytes | None:
    """Return a printed payload in our form, None when it is no JSON: for a server that should print it otherwise."""
    try:
        return _text(json.loads(printed, parse_float=Decimal), 0).encode()
    except (ValueError, RecursionError, Invalid):
        return None


def _text(value: object, depth: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if depth >= _MAX_DEPTH:
        raise _bad(f"is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, list | tuple):
        return "[" + ", ".join([_text(item, depth + 1) for item in value]) + "]"
    if isinstance(value, Mapping):
        return _object(value, depth)
    raise _bad(f"holds a {type(value).__name__}")


def _object(value: Mapping[Any, object], depth: int) -> str:
    keys: list[tuple[int, bytes, str]] = []
    for key in value:
        if not isinstance(key, str):
            raise _bad(f"has a key that is a {type(key).__name__}")
        text = _string(key)
        raw = key.encode()
        keys.append((len(raw), raw, text))
    keys.sort()
    return "{" + ", ".join([f"{text}: {_text(value[raw.decode()], depth + 1)}" for _, raw, text in keys]) + "}"


def _string(value: str) -> str:
    if len(value) > MAX_TEXT or not (value.isascii() and value.isprintable()):
        fault = text_fault(value, MAX_TEXT)
        if fault is not None:
            raise Invalid("journal.payload_text", f"A text of a journal line cannot be kept: {fault[1]}.")
    return _quoted(value)


def _number(value: float | Decimal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value)
    return _float(value) if isinstance(value, float) else format(value, "f")


def _integer(value: int) -> str:
    if not -_INT64 <= value < _INT64:
        raise _bad("holds a whole number of more than 64 bits")
    return int.__repr__(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise _bad(f"holds a number that is none ({value})")
    if not value:
        return "0.0"  # PostgreSQL knows no minus zero
    digits = format(Decimal(repr(value)), "f")
    return digits if "." in digits else f"{digits}.0"


def _bad(what: str) -> Invalid:
    return Invalid("journal.payload_value", f"The payload of a journal line {what}.")
