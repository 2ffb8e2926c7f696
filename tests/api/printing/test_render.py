from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tomllib
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.printing.plots import Axis, Line, Plot
from api.printing.press import TEMPLATES
from api.printing.render import Head, Language, NotPrinted, legal_time, render
from dispatch.kernel.errors import Unavailable

AT = datetime(2026, 11, 27, 3, 13, 6, tzinfo=UTC)
HEAD = Head("阿克苏地区第一人民医院", "2026-000417", legal_time(AT), "阿依古丽", "归档", "示例")
MARKUP = '#panic("read as markup") *fat* $x$ @ref <label> \\ // /* `raw` \u202e'


def specimen(told: str = "58", svg: str | None = None) -> dict[str, object]:
    drawn = Plot(170, 30, Axis(0, 10, [(0, "03:00"), (10, "03:10")]), Axis(40, 180, [(40, "40"), (110, "110")]),
                 "HR", [Line([(0, 80), (4, 96), None, (6, 104), (10, 104)])], limits=[110], gaps=[(4, 6)],
                 moments=[(3, "吸氧 <6 L>")])  # fmt: skip
    return {
        "head": HEAD,
        "facts": [{"label": "年龄 Age", "value": told}, {"label": "䶮", "value": None}],
        "rows": [["HR", "104 /min"], [told, "93 %"]],
        "svg": drawn.svg() if svg is None else svg,
    }


def inside(pdf: bytes) -> bytes:
    """What a PDF holds, its streams unpacked."""
    told = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            told.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(told)


@pytest.mark.parametrize("language", ["zh", "en", "ug"])
async def test_a_document_is_a4_with_its_fonts_in_it(language: Language) -> None:
    pdf = await render("specimen", specimen(), language, AT)
    assert pdf.startswith(b"%PDF-1.7")
    held = inside(pdf)
    assert re.search(rb"/MediaBox\s*\[0 0 595\.\d+ 841\.\d+\]", held)
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([A-Za-z-]+)", held))
    assert any(name.startswith(b"NotoSansSC") for name in fonts)
    assert any(name.startswith(b"NotoSansArabic") for name in fonts) == (language == "ug")
    assert held.count(b"/FontFile") >= 2


async def test_texts_of_data_are_never_read_as_markup() -> None:
    plain, evil = await asyncio.gather(
        render("specimen", specimen("58"), "zh", AT), render("specimen", specimen(MARKUP), "zh", AT)
    )
    assert plain.startswith(b"%PDF")
    assert evil.startswith(b"%PDF")
    assert evil != plain


async def test_a_character_that_no_font_has_stops_no_document() -> None:
    plain, odd = await asyncio.gather(
        render("specimen", specimen("58"), "zh", AT), render("specimen", specimen("王\U0001f691\u1c81"), "zh", AT)
    )
    assert b"pdfaid" in plain
    assert odd.startswith(b"%PDF")
    assert b"pdfaid" not in odd


async def test_the_same_order_gives_the_same_document() -> None:
    assert await render("specimen", specimen(), "en", AT) == await render("specimen", specimen(), "en", AT)


async def test_data_that_do_not_fit_are_a_fault_and_no_empty_document() -> None:
    with pytest.raises(NotPrinted, match="rows"):
        await render("specimen", {"head": HEAD, "facts": []}, "zh", AT)


async def test_a_picture_that_is_none_is_a_fault() -> None:
    with pytest.raises(NotPrinted):
        await render("specimen", specimen(svg="<svg"), "zh", AT)


async def test_without_fonts_nothing_is_printed(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as told:
        await render("specimen", specimen(), "zh", AT, fonts=tmp_path)
    assert told.value.code == "printing.no_fonts"


async def test_no_name_leads_out_of_the_templates() -> None:
    with pytest.raises(ValueError, match="no template"):
        await render("../../secret", specimen(), "zh", AT)


def test_a_press_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.printing.render.LONGEST_S", 0.0)
    with pytest.raises(Unavailable, match="minute"):
        asyncio.run(render("specimen", specimen(), "zh", AT))


def test_every_word_is_there_in_three_languages() -> None:
    for file in TEMPLATES.glob("*.toml"):
        for key, words in tomllib.loads(file.read_text("utf-8")).items():
            assert set(words) == {"zh", "en", "ug"}, f"{file.name}: {key}"
            assert all(words.values()), f"{file.name}: {key}"


def test_the_press_is_a_program_without_the_service() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import api.printing.press"], capture_output=True, check=True
    ).stderr.decode()
    assert "fastapi" not in told
    assert "sqlalchemy" not in told
