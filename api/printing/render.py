"""Prints: a template, its data and a language become the bytes of a PDF.

    pdf = await render("run", RunSheet(head=Head(...), ...), "zh", clock.now())

A template is `templates/NAME.typ` with its words in three languages in `templates/NAME.toml`; what all documents share
(`sheet`, `facts`, `listed`, `plot`, `signatures`) stands in `templates/lib.typ`. `templates/specimen.typ` shows
each of them. Data reach a template as JSON, so that nothing in them is ever read as markup.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import msgspec

from api.console.files import BUILT
from api.printing.press import TEMPLATES, Order
from dispatch.incidents.rules_times import LEGAL_TIME
from dispatch.kernel.errors import Unavailable

Language = Literal["zh", "en", "ug"]
LONGEST_S: Final = 60.0
AT_ONCE: Final = 2
"""Documents that are made beside one another; more wait."""
PARTS: Final = frozenset({"lib", "run_parts"})
"""What templates share."""
_PRESS: Final = (sys.executable, "-m", "api.printing.press")
_PRESSES: Final = ThreadPoolExecutor(AT_ONCE, "press")


class NotPrinted(Exception):
    """A template does not fit its data: a fault of ours. Tells what Typst said."""


class Head(msgspec.Struct, frozen=True):
    """What stands on every page. All are texts as they are read; an empty one is left out.

    organisation: whose document it is; number: of the incident, the month, the mission; printed_at: `legal_time`;
    printed_by: a name; purpose: what it was printed for; mark: written across each page, as 示例.
    """

    organisation: str
    number: str
    printed_at: str
    printed_by: str
    purpose: str = ""
    mark: str = ""


async def render(
    template: str,
    data: msgspec.Struct | Mapping[str, object],
    language: Language,
    at: datetime,
    *,
    fonts: Path = BUILT,
) -> bytes:
    """Return a PDF (PDF/A-2u, A4). at: what is noted in it as the moment it was made.

    Raises Unavailable: `printing.no_fonts` where the console, which brings the fonts, is not built; `printing.too_long`
    after a minute. Raises NotPrinted where the template does not fit the data.
    """
    if template not in templates():
        raise ValueError(f"no template {template}")
    if not (fonts / "fonts").is_dir():
        raise Unavailable(
            "printing.no_fonts",
            "There are no fonts to print with: the console, which brings them, has not been built.",
            "In a clone: .venv/bin/python frontend/build_hook.py",
        )
    order = Order(template, msgspec.json.encode(data).decode(), language, at, str(fonts))
    return await asyncio.get_running_loop().run_in_executor(_PRESSES, _pressed, msgspec.json.encode(order))


def templates() -> frozenset[str]:
    """The names of all templates."""
    return frozenset(path.stem for path in TEMPLATES.glob("*.typ")) - PARTS


def legal_time(at: datetime, *, seconds: bool = True) -> str:
    """A moment as it is printed: legal time, with its zone."""
    return f"{at.astimezone(LEGAL_TIME):{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}} UTC+8"


def _pressed(order: bytes) -> bytes:
    try:
        press = subprocess.run(
            [sys.executable, "-m", "api.printing.press"],
            input=order,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(
            "printing.too_long", "The document was not ready after a minute.", "Ask for a shorter time."
        ) from None
    if press.returncode:
        raise NotPrinted(press.stderr.decode(errors="replace")[-2000:])
    return press.stdout
