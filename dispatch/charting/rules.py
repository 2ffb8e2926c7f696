"""What can be charted, from `treatments.toml`, and what counts of what was. Pure."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

from dispatch.charting.states import Group
from dispatch.clinical.rules_signals import SIGNALS
from dispatch.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment. amount, step, most: in `unit`; None where it has no amount."""

    code: str
    group: Group
    zh: str
    en: str
    ug: str
    amount: float | None = None
    step: float | None = None
    most: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Forms:
    """All of `treatments.toml`. signed_off_by: empty until a medical director has."""

    version: str
    source: str
    signed_off_by: str
    by_hand: tuple[str, ...]
    treatments: Mapping[str, Treatment]


def _treatment(code: str, given: dict[str, Any]) -> Treatment:
    made = Treatment(code, **given | {"group": Group(given["group"])})
    if len({one is None for one in (made.amount, made.step, made.most)} | {not made.unit}) != 1:
        raise ValueError(f"{code}: amount, step, most and unit go together")
    return made


def _load() -> Forms:
    data = tomllib.loads(files("dispatch.charting").joinpath("treatments.toml").read_text(encoding="utf-8"))
    unknown = [name for name in data["by_hand"] if name not in SIGNALS.by_name]
    if unknown:
        raise ValueError(f"treatments.toml names signals that signals.toml has not: {unknown}")
    treatments = {code: _treatment(code, given) for code, given in data.pop("treatments").items()}
    return Forms(**data | {"by_hand": tuple(data["by_hand"])}, treatments=treatments)


FORMS: Final = _load()
MOST_AMOUNT: Final = 1e6
OTHER: Final = "other"
"""What no list has: the words of the order that was carried out say what it is."""


@dataclass(frozen=True, slots=True)
class Charted:
    """What is written down at one moment: values by signal name, in the signal's unit, or one treatment."""

    measured: Mapping[str, float] | None = None
    treatment: str | None = None
    amount: float | None = None


def checked(given: Charted, *, ordered: bool = False) -> Charted:
    """Return what can be kept. A value that cannot be right is kept, too; it is marked where it is shown.

    OTHER is let through where it was `ordered`: only an order has words for it.

    Raises Invalid: `chart.empty`, `chart.signal`, `chart.value`, `chart.treatment`, `chart.amount`.
    """
    if (given.measured is None) == (given.treatment is None):
        raise Invalid("chart.empty", "Write down values, or one treatment.")
    if given.measured is not None:
        if not given.measured or given.amount is not None:
            raise Invalid("chart.empty", "There is no value, or an amount without a treatment.")
        for name, value in given.measured.items():
            if name not in FORMS.by_hand:
                raise Invalid("chart.signal", "That is not measured by hand.", f"It can be {', '.join(FORMS.by_hand)}.")
            if not math.isfinite(value) or abs(value) >= MOST_AMOUNT:
                raise Invalid("chart.value", f"The value of {name} is no number that can be kept.")
        return given
    if ordered and given.treatment == OTHER and given.amount is None:
        return given
    treatment = FORMS.treatments.get(given.treatment or "")
    if treatment is None:
        raise Invalid("chart.treatment", "There is no such treatment.", "They are listed at /api/chart-forms.")
    if given.amount is not None and (treatment.amount is None or not 0 < given.amount < MOST_AMOUNT):
        raise Invalid("chart.amount", f"That amount cannot be of {treatment.en}.")
    return given


def superseded(entries: Iterable[tuple[UUID, UUID | None, bool]]) -> frozenset[UUID]:
    """Return those that count no more. entries: id, which one it corrects, whether it is withdrawn.

    A correction that was withdrawn corrects nothing: what it stood for counts again.
    """
    known = list(entries)
    gone = {one for one, _, withdrawn in known if withdrawn}
    return frozenset(gone | {corrects for one, corrects, _ in known if corrects is not None and one not in gone})
