"""What a picture is of."""

from __future__ import annotations

from enum import StrEnum


class PictureKind(StrEnum):
    """Why a picture was made."""

    PHOTO = "photo"
    SIGNATURE = "signature"
    """Drawn by a finger, for a refusal."""
