"""The figures that are set for the whole service, each kind in a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dispatch.dispatching.rules_policy import Figures, read_figures
from dispatch.hospitals.rules_status import LimitFigures, read_limits
from dispatch.incidents.rules_call_backs import CallBackPolicy
from dispatch.kernel.errors import Invalid
from dispatch.receiving.rules import ReceivingPolicy, read_receiving
from dispatch.receiving.rules_emergency import EmergencyPolicy, read_emergency
from dispatch.reports.rules_counting import RULES, TIMES
from dispatch.reports.rules_coverage import read_coverage
from dispatch.reports.rules_definitions import Definitions, read_definitions
from dispatch.reports.states_coverage import CoverageFigures
from dispatch.settings import Settings
from dispatch.units.rules_duty import DutyPolicy


def figures_of(settings: Settings) -> Figures:
    """Return the figures of dispatching that are set. Raises Invalid (`figures.invalid`, `figures.unreadable`)."""
    return _dispatching(settings.dispatching_figures)


def carried(settings: Settings) -> Mapping[type, object]:
    """Return what every session of the database carries: figures that are set for the whole service, by type.

    Raises Invalid (`figures.invalid`, `figures.unreadable`).
    """
    figures = figures_of(settings)
    return {
        DutyPolicy: figures.duty,
        CallBackPolicy: figures.call_back,
        LimitFigures: read_limits(_text(settings.hospitals_figures)),
        ReceivingPolicy: read_receiving(_text(settings.receiving_figures)),
        EmergencyPolicy: read_emergency(_text(settings.emergency_figures)),
    }


def reports_of(settings: Settings) -> Definitions:
    """Return the definitions of figures with those that are set. Raises Invalid, as `carried`."""
    return read_definitions(_text(settings.reports_figures), RULES, TIMES)


def coverage_of(settings: Settings) -> CoverageFigures:
    """Return the figures of coverage that are set. Raises Invalid, as `carried`."""
    return read_coverage(_text(settings.coverage_figures))


@lru_cache(maxsize=8)
def _dispatching(path: Path | None) -> Figures:
    return read_figures(_text(path))


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("figures.unreadable", f"The figures cannot be read: {error}.") from None
