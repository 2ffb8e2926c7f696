"""What can be said, from `phrases.toml`, and by whom. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from dispatch.kernel.errors import Invalid
from dispatch.telemetry.detection.states import Side


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase in three languages, and the sides that say it."""

    code: str
    sides: frozenset[Side]
    zh: str
    en: str
    ug: str


def _load() -> Mapping[str, Phrase]:
    data = tomllib.loads(files("dispatch.messages").joinpath("phrases.toml").read_text(encoding="utf-8"))
    return {
        code: Phrase(code, frozenset(Side(side) for side in one.pop("sides")), **one)
        for code, one in data["phrases"].items()
    }


PHRASES: Final = _load()


def check_said(side: Side, phrase: str | None, words: str | None) -> None:
    """Let through a phrase of the side, or words. Raises Invalid (`message.empty`, `message.phrase`)."""
    if (phrase is None) == (words is None):
        raise Invalid("message.empty", "Say one phrase, or words of your own.")
    if phrase is not None and (phrase not in PHRASES or side not in PHRASES[phrase].sides):
        raise Invalid("message.phrase", "That is no phrase of your side.", "They are listed at /api/message-phrases.")
