"""Pathways, what binds a patient to the nearest hospital, what is said of a destination, what a hospital answers."""

from __future__ import annotations

from enum import StrEnum


class Pathway(StrEnum):
    """What kind of centre a patient needs."""

    GENERAL = "general"
    ARREST = "arrest"
    """After an arrest, with circulation returned."""
    CHEST = "chest"
    STROKE = "stroke"
    TRAUMA = "trauma"
    MATERNAL = "maternal"
    NEONATAL = "neonatal"
    ECMO = "ecmo"
    BURNS = "burns"
    POISONING = "poisoning"
    INFECTIOUS = "infectious"
    PSYCHIATRIC = "psychiatric"
    CHILD = "child"


class Unheld(StrEnum):
    """What cannot be held on the way: no centre is further than the nearest open emergency department then."""

    ARREST = "arrest"
    """No circulation of its own."""
    AIRWAY = "airway"
    BLEEDING = "bleeding"


class Remark(StrEnum):
    """What is told of a hospital in the ranking; several may hold."""

    CENTRE = "centre"
    """Offers what the pathway needs."""
    BETTER = "better"
    """And what is better still."""
    NO_CENTRE = "no_centre"
    NEAREST = "nearest"
    """The soonest to be reached of those that are not closed."""
    NEAREST_RULE = "nearest_rule"
    """First because the patient cannot be held: the nearest goes before any centre."""
    BYPASS = "bypass"
    """Goes before a nearer hospital that is no centre."""
    DIVERTED = "diverted"
    OVERRULED = "overruled"
    """Diverts, but so do all others."""
    CLOSED = "closed"
    """Its emergency department, or the service that the pathway needs, is closed."""
    NO_BED = "no_bed"
    BED_UNKNOWN = "bed_unknown"
    """Nobody has counted the beds that the pathway looks at."""
    ESTIMATE = "estimate"
    """No road answer: a straight line with a detour."""
    UNREACHABLE = "unreachable"


class ChoiceReason(StrEnum):
    """Why another than the first of the ranking was chosen."""

    PATIENT_WISH = "patient_wish"
    FAMILY_WISH = "family_wish"
    KNOWN_THERE = "known_there"
    """Is treated there already."""
    HOSPITAL_SAID = "hospital_said"
    CONDITION = "condition"
    ROAD = "road"
    OTHER = "other"


class Answer(StrEnum):
    """What a hospital says to a patient that is brought."""

    ACCEPTED = "accepted"
    ADVISED = "advised"
    """Would rather see another hospital chosen; the crew or the dispatcher decides."""
    REFUSED = "refused"
    """Only by naming another that has accepted this patient."""
