"""Every screen can be read: nothing serious by axe, nothing cut off, nobody else asked; and the first load is small."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from factories.browser import Room, Watched
from factories.walk import THEMES, furnish, like, walk

from api.console.files import BUILT

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
MOST_BYTES = 400_000
# What may scroll says so; what only hides its end has cut it off.
CUT_OFF = """() => [...document.querySelectorAll(
    '.console, .console > *, .taking > *, article, header, footer, dialog, dialog > *, form, .login')]
    .filter((box) => getComputedStyle(box).display !== 'none' && box.scrollWidth > box.clientWidth + 1)
    .map((box) => `${box.className || box.tagName}: ${box.scrollWidth} > ${box.clientWidth}`)"""
WORST = ("serious", "critical")
pytestmark = [pytest.mark.slow]


@pytest.mark.database
@pytest.mark.parametrize("postgres_server", ["embedded"], indirect=True)
@pytest.mark.parametrize(("language", "themes"), [("zh", THEMES), ("en", ("day",)), ("ug", ("night",))])
async def test_every_screen_can_be_read_and_asks_nobody_else(
    room: Room, language: str, themes: tuple[str, ...]
) -> None:
    if not AXE.is_file():
        pytest.skip("axe is not here: make test fetches it")
    await furnish(room)
    seat = await room.seat()
    await like(seat, language, themes[0])
    await seat.page.add_init_script(path=AXE)
    found: list[str] = []
    screens = []
    async for screen in walk(room, seat):
        screens.append(screen)
        assert await seat.page.evaluate("document.documentElement.lang") == language
        for theme in themes:
            # Of what is drawn a theme changes the colours alone.
            rules = ["color-contrast"] if theme != themes[0] else None
            found += [f"{screen}, {theme}: {one}" for one in await _unreadable(seat, theme, rules)]
        found += [f"{screen}: {box}" for box in await seat.page.evaluate(CUT_OFF)]
        await seat.page.evaluate(_dressed(themes[0]))
    assert found == [], json.dumps(found, ensure_ascii=False, indent=1)
    assert len(screens) == 16
    assert seat.hosts() <= {"127.0.0.1", "data", "blob"}
    assert seat.errors == []


async def _unreadable(seat: Watched, theme: str, rules: list[str] | None) -> list[str]:
    await seat.page.evaluate(_dressed(theme))
    asked = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    told = await seat.page.evaluate("(asked) => axe.run(document, asked)", asked)
    return [
        f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in told["violations"]
        if one["impact"] in WORST
        for node in one["nodes"]
    ]


def _dressed(theme: str) -> str:
    return f"document.documentElement.dataset.theme = '{theme}'"


def test_the_first_load_is_small() -> None:
    page = BUILT / "index.html"
    if not page.is_file():
        pytest.skip("the console was not built: python frontend/build_hook.py")
    text = page.read_text("utf-8")
    named = [name for name in re.findall(r"/assets/([\w.-]+)", text) if name.endswith((".js", ".css"))]
    loaded = [page.read_bytes(), *((BUILT / "assets" / name).read_bytes() for name in named)]
    assert len(loaded) >= 3
    assert sum(len(gzip.compress(each, 9)) for each in loaded) <= MOST_BYTES
