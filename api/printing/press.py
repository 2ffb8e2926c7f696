"""Makes one document, as a process of its own: what it costs and whatever goes wrong stays out of the service.

`python -m api.printing.press` reads an order from standard input and writes the PDF to standard output. It ends with 1
and the words of Typst on standard error where the template or its data are wrong.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import typst

TEMPLATES: Final = Path(__file__).parent / "templates"
ARCHIVED: Final = "a-2u"
"""PDF/A-2u: fonts embedded, text that can be searched and read out in years."""
_UNDRAWN: Final = "could not be displayed"
"""What Typst says of a character that no font has: PDF/A forbids it."""


class Order(msgspec.Struct, frozen=True):
    """What is to be printed. data: JSON, which templates read as values, never as markup; fonts: where fonts are."""

    template: str
    data: str
    language: str
    at: datetime
    fonts: str


def printed(order: Order) -> bytes:
    """Return the PDF. Raises typst.TypstError for a template that does not fit its data.

    A name with a character that no font has is printed all the same, with a box in its place: then it is no PDF/A.
    """
    try:
        return _compiled(order, [ARCHIVED])
    except typst.TypstError as error:
        if _UNDRAWN not in error.message:
            raise
        return _compiled(order, [])


def _compiled(order: Order, standards: list[typst.PDFStandard]) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order.fonts])
    made = typst.compile(
        TEMPLATES / f"{order.template}.typ",
        root=TEMPLATES,
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": order.data, "language": order.language},
        pdf_standards=standards,
        timestamp=int(order.at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def main() -> int:
    """Print what standard input orders."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    try:
        made = printed(order)
    except typst.TypstError as error:
        sys.stderr.write(error.diagnostic)
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
