"""What becomes of a picture before it is kept. Pure."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from dispatch.kernel.errors import Invalid
from dispatch.telemetry.rules_pictures import without_metadata

MOST_BYTES: Final = 8_000_000
"""A phone shrinks what it took to a tenth of this."""
PIECE_BYTES: Final = 262_144
"""At most so many in one request."""
MOST_PIXELS: Final = 50_000_000
THUMBNAIL: Final = (320, 320)


def prepared(data: bytes) -> tuple[bytes, bytes]:
    """Return the picture without what its camera wrote beside it, and a small JPEG of it, the right way up.

    Raises Invalid (`picture.form`, `picture.broken`, `picture.size`).
    """
    kept = without_metadata(data)
    try:
        with Image.open(BytesIO(kept), formats=("JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid("picture.size", "The picture has too many pixels.", "Shrink it before it is sent.")
            small = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Invalid("picture.broken", f"The picture cannot be read: {type(error).__name__}.") from None
    small.thumbnail(THUMBNAIL)
    made = BytesIO()
    small.save(made, "JPEG", quality=70)
    return kept, made.getvalue()
