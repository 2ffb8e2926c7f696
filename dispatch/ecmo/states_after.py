"""The words of what is kept of a transfer once it is over."""

from __future__ import annotations

from enum import StrEnum


class EcmoMark(StrEnum):
    """A moment of a transfer between which figures are measured."""

    ASKED = "asked"
    DECIDED = "decided"
    WHEELS = "wheels"
    WITH_PATIENT = "with_patient"
    """Who cannulates and the patient are at one place."""
    PUNCTURE = "puncture"
    FLOW = "flow"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"


class OutcomeAt(StrEnum):
    """When it is asked what became of the patient."""

    H24 = "h24"
    DISCHARGE = "discharge"


class EcmoOutcomeKind(StrEnum):
    """What became of the patient."""

    ON_CIRCUIT = "on_circuit"
    """Alive, the circuit runs."""
    OFF_CIRCUIT = "off_circuit"
    """Alive, weaned."""
    HOME = "home"
    TRANSFERRED = "transferred"
    """Alive, to another hospital or to rehabilitation."""
    DIED = "died"
    UNKNOWN = "unknown"
    """Asked for, and nobody could say."""


OUTCOMES_AT = {
    OutcomeAt.H24: frozenset({
        EcmoOutcomeKind.ON_CIRCUIT, EcmoOutcomeKind.OFF_CIRCUIT, EcmoOutcomeKind.DIED, EcmoOutcomeKind.UNKNOWN
    }),
    OutcomeAt.DISCHARGE: frozenset({
        EcmoOutcomeKind.HOME, EcmoOutcomeKind.TRANSFERRED, EcmoOutcomeKind.DIED, EcmoOutcomeKind.UNKNOWN
    }),
}  # fmt: skip
