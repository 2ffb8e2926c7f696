"""The words of ECMO transfer, as they are stored and told."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What the circuit is to support."""

    VV = "vv"
    """The lungs."""
    VA = "va"
    """The heart, with or without the lungs."""
    ECPR = "ecpr"
    """VA during an arrest."""


class ScoreName(StrEnum):
    """The scores that are worked out from a table of points."""

    RESP = "resp"
    SAVE = "save"
    MURRAY = "murray"
    GCS = "gcs"


class NotScored(StrEnum):
    """Why a score is not for this patient: he goes straight to the physician."""

    AGE_UNKNOWN = "age_unknown"
    CHILD = "child"
    PREGNANT = "pregnant"
    OTHER_MODE = "other_mode"


class Standing(StrEnum):
    """How a criterion stands with what is known."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLIED = "not_applied"
    """The rule was not made for this patient."""


class Weight(StrEnum):
    """What a criterion that is met speaks for, or against."""

    REQUIRED = "required"
    """Must be met before the mode is considered by rule; unmet, it is discussed."""
    INDICATION = "indication"
    """One of them is enough."""
    SUPPORTING = "supporting"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Advice(StrEnum):
    """What is said of a case. There is no "deny"."""

    CONSIDER = "consider"
    DISCUSS = "discuss"


class LowFlow(StrEnum):
    """How the time without flow of one's own compares with the limit."""

    WITHIN = "within"
    POSSIBLE = "possible"
    """Within the limit if all goes fast, beyond it if not."""
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"
    NOT_APPLIED = "not_applied"
    """Cold, drowning in cold water, intoxication, a child: the limit was not made for them."""


class Reading(StrEnum):
    """How a cylinder's pressure is known."""

    FRESH = "fresh"
    STALE = "stale"
    """Read too long ago: counts its last pressure less all that may have been drawn since."""
    UNREAD = "unread"
    CLOSED = "closed"


class Go(StrEnum):
    """Whether oxygen or batteries reach. Told, never enforced."""

    GO = "go"
    NO_GO = "no_go"
