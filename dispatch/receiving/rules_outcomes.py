"""What a hospital can tell of a patient later, from `outcomes.toml`, and how it is made nobody's. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from dispatch.kernel.errors import Invalid

_ICD: Final = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,3})?")
_DECADE: Final = 10
_OLDEST: Final = 90


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in three languages."""

    code: str
    zh: str
    en: str
    ug: str


@dataclass(frozen=True, slots=True)
class OutcomeForms:
    """All of `outcomes.toml`. diagnoses: by ICD-10 code; signed_off_by: empty until a medical director has."""

    version: str
    source: str
    signed_off_by: str
    dispositions: Mapping[str, Meaning]
    diagnoses: Mapping[str, Meaning]


def _load() -> OutcomeForms:
    data = tomllib.loads(files("dispatch.receiving").joinpath("outcomes.toml").read_text(encoding="utf-8"))
    for name in ("dispositions", "diagnoses"):
        data[name] = {code: Meaning(code, **one) for code, one in data[name].items()}
    return OutcomeForms(**data)


OUTCOME_FORMS: Final = _load()


def check_outcome(disposition: str, diagnosis: str | None) -> None:
    """Let through a known disposition and a code of ICD-10. Raises Invalid (`outcome.disposition`, `outcome.code`)."""
    if disposition not in OUTCOME_FORMS.dispositions:
        raise Invalid("outcome.disposition", "There is no such disposition.", "They are listed at /api/outcome-forms.")
    if diagnosis is not None and not _ICD.fullmatch(diagnosis):
        raise Invalid("outcome.code", "That is no code of ICD-10.", "Write it as I21.9.")


def age_band(age_years: int | None) -> str | None:
    """Return the ten years within which an age lies, as "50-59"; "90+" from there on, None where it is unknown."""
    if age_years is None:
        return None
    low = age_years // _DECADE * _DECADE
    return f"{_OLDEST}+" if low >= _OLDEST else f"{low}-{low + _DECADE - 1}"
