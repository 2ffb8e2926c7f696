"""The named sets of the simulated day."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class CallKind(StrEnum):
    """What a caller wants."""

    EMERGENCY = "emergency"
    SECOND = "second"
    """Somebody else calls about the same."""
    ASKS_AGAIN = "asks_again"
    """催车: no vehicle is there yet."""
    CALLS_OFF = "calls_off"
    """The caller does not need anybody any more."""
    INQUIRY = "inquiry"
    MISDIAL = "misdial"
    NUISANCE = "nuisance"
    SILENT = "silent"
    CUT_OFF = "cut_off"
    ABANDONS = "abandons"
    """Hangs up before anybody can answer."""
    ELSEWHERE = "elsewhere"
    """Needs another service."""


FOLLOWING: Final = frozenset({CallKind.SECOND, CallKind.ASKS_AGAIN, CallKind.CALLS_OFF})
"""About an emergency that was called in before."""


class Mishap(StrEnum):
    """What goes wrong on a run; one at most."""

    SLOW = "slow"
    NO_ANSWER = "no_answer"
    """Acknowledges late."""
    TURNS_BACK = "turns_back"
    BREAKS_DOWN = "breaks_down"
    LOSES_LINK = "loses_link"
    """Reports are kept on the device and sent late, with their times."""
    FAILS_LOADED = "fails_loaded"
    """Breaks down with a patient on board: another vehicle comes and takes them over."""
    RELAYS = "relays"
    """接力: gives its patient to another vehicle on the way."""
    FORGETS = "forgets"
    """A button is not pressed: one status is never reported."""


class Phase(StrEnum):
    """What a crew is doing."""

    OFF = "off"
    """Nobody is on board."""
    IDLE = "idle"
    CALLED = "called"
    """Has an order and has not answered."""
    MOBILISING = "mobilising"
    TO_SCENE = "to_scene"
    AT_SCENE = "at_scene"
    TREATING = "treating"
    TO_HOSPITAL = "to_hospital"
    STRANDED = "stranded"
    """Stands on the way with patients on board, until another vehicle takes them over."""
    HANDING_OVER = "handing_over"
    TIDYING = "tidying"
    HOMEWARD = "homeward"
    OUT = "out"
    """Out of service until a time."""
    AWAY = "away"
    """On something that a person ordered and the simulation does not play: a stand-by, a planned transfer."""
    TOURING = "touring"
    """Drives to a place of a timed run of its own: a stand-by, a planned transfer."""
    STOPPED = "stopped"
    """Stands at such a place."""


ON_ORDER: Final = frozenset(
    {
        Phase.CALLED,
        Phase.MOBILISING,
        Phase.TO_SCENE,
        Phase.AT_SCENE,
        Phase.TREATING,
        Phase.TO_HOSPITAL,
        Phase.STRANDED,
        Phase.HANDING_OVER,
        Phase.TIDYING,
    }
)
"""On the run of an assignment."""
DRIVING: Final = frozenset({Phase.TO_SCENE, Phase.TO_HOSPITAL, Phase.HOMEWARD, Phase.TOURING})
ON_TOUR: Final = frozenset({Phase.TOURING, Phase.STOPPED})
"""On a timed run of the simulation."""


class LineState(StrEnum):
    """Where a caller's line stands."""

    RINGING = "ringing"
    TALKING = "talking"
    OVER = "over"


class CaseStep(StrEnum):
    """What the simulated dispatcher waits for in an incident of theirs."""

    TO_RECOMMEND = "to_recommend"
    RECOMMENDING = "recommending"
    TO_ORDER = "to_order"
    ORDERING = "ordering"
    SENT = "sent"
    CLOSING = "closing"
    OVER = "over"
