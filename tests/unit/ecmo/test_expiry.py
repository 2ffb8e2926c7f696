"""What expires before long stands out: red cells later than all else, and what has expired not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dispatch.ecmo.rules_kit import Piece, expires_soon
from dispatch.ecmo.states_kit import EcmoKitKind

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
NOBODY = UUID(int=1)


@pytest.mark.parametrize(
    ("kind", "days", "soon"),
    [
        (EcmoKitKind.CIRCUIT, 31, False),
        (EcmoKitKind.CIRCUIT, 30, True),
        (EcmoKitKind.BLOOD, 18, False),
        (EcmoKitKind.BLOOD, 7, True),
        (EcmoKitKind.BLOOD, 0, False),
        (EcmoKitKind.CIRCUIT, -1, False),
        (EcmoKitKind.CONSOLE, None, False),
    ],
)
def test_a_piece_stands_out_before_it_expires(kind: EcmoKitKind, days: int | None, *, soon: bool) -> None:
    expires = None if days is None else NOW + timedelta(days=days)
    piece = Piece(NOBODY, kind, NOBODY, True, expires, NOW, None)
    assert expires_soon(piece, NOW) is soon
