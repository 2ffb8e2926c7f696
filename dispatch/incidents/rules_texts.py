"""What people may write, and how it is shown to those who need not see all of it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from dispatch.incidents.states_incidents import CAPABILITY_LETTERS, CARDS
from dispatch.incidents.states_patients import PersonalKind
from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault

LIMITS: Final[Mapping[PersonalKind, int]] = {
    PersonalKind.PHONE: 40,
    PersonalKind.NAME: 200,
    PersonalKind.ID_NUMBER: 40,
    PersonalKind.ADDRESS: 1_000,
    PersonalKind.NOTE: 20_000,
    PersonalKind.MESSAGE: 500,
    PersonalKind.REASON: 1_000,
    PersonalKind.RECORDING: 500,
    PersonalKind.WITNESS: 200,
    PersonalKind.CONTACT: 200,
    PersonalKind.DESTINATION: 500,
    PersonalKind.VISIT_NUMBER: 32,
}
"""Characters taken, by kind."""

_ONE_LINE: Final = frozenset(
    {
        PersonalKind.PHONE,
        PersonalKind.NAME,
        PersonalKind.ID_NUMBER,
        PersonalKind.WITNESS,
        PersonalKind.CONTACT,
        PersonalKind.VISIT_NUMBER,
    }
)
_PHONE: Final = re.compile(r"\+?[0-9*#]{2,39}", re.ASCII)
_VISIT: Final = re.compile(r"(?=.*\d)\w[\w./-]*")
_IDENTITY: Final = re.compile(r"\d{17}[\dXx]", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}", re.ASCII)
_HIDDEN: Final = "****"
# Up to and with the last road, settlement or unit; what follows leads to one door.
_STREET: Final = re.compile(
    r"^.*(?:大道|公路|[路街巷道乡镇村县市团连]|\b(?:street|road|avenue)\b)", re.IGNORECASE | re.DOTALL
)


def personal_text(kind: PersonalKind, value: str) -> str:
    """Return the value as it is stored.

    Raises Invalid: `text.empty`, `text.too_long`, `text.sign` (NUL, control signs, lone surrogates), `text.phone`,
    `text.visit_number` (letters, digits and . _ / - with a digit; no identity number).
    """
    if kind in _ONE_LINE:
        # Full-width digits are what Chinese keyboards give.
        value = unicodedata.normalize("NFKC", value).strip() if len(value) <= 10 * LIMITS[kind] else value
    fault = text_fault(value, LIMITS[kind])
    if fault:
        code = "text.too_long" if fault[0] == "cell.too_long" else "text.sign"
        raise Invalid(code, f"This {_word(kind)} cannot be kept: {fault[1]}.", "Shorten or correct it.")
    if not value.strip():
        raise Invalid("text.empty", f"The {_word(kind)} is empty.")
    if kind in _ONE_LINE and len(value.splitlines()) > 1:
        raise Invalid("text.sign", f"A line break cannot stand in a {_word(kind)}.")
    if kind is PersonalKind.PHONE:
        value = re.sub(r"[\s()./-]", "", value)
        if not _PHONE.fullmatch(value):
            raise Invalid("text.phone", "That is no telephone number.", "Write digits, with + before a country's code.")
    if kind is PersonalKind.VISIT_NUMBER and (not _VISIT.fullmatch(value) or _IDENTITY.fullmatch(value)):
        raise Invalid(
            "text.visit_number", "That is no visit's number.", "Letters, digits and . _ / - signs; no identity number."
        )
    return value


def language_code(value: str) -> str:
    """Check a language code such as `zh` or `ug`; "" is not known. Raises Invalid (`call.language`)."""
    if value and not _LANGUAGE.fullmatch(value):
        raise Invalid("call.language", "A language is named by its code, such as zh, ug or kk.")
    return value


def reference(value: str, what: str) -> str:
    """Check another system's id or key: 1 to 128 plain signs. Raises Invalid (`reference.invalid`)."""
    if not _REFERENCE.fullmatch(value):
        raise Invalid("reference.invalid", f"The {what} must be 1 to 128 letters, digits or . _ : @ / - signs.")
    return value


def card_id(value: str) -> str:
    """Check a complaint card's id; "" is not known yet. Raises Invalid (`incident.complaint`)."""
    if value and value not in CARDS:
        raise Invalid("incident.complaint", "There is no such complaint card.", "Cards are K01 to K36.")
    return value


def capability_letters(value: str) -> str:
    """Return the letters once each in their order. Raises Invalid (`incident.capabilities`)."""
    if set(value) - set(CAPABILITY_LETTERS):
        raise Invalid(
            "incident.capabilities", "There is no such capability.", f"Letters are {', '.join(CAPABILITY_LETTERS)}."
        )
    return "".join(letter for letter in CAPABILITY_LETTERS if letter in value)


def masked(kind: PersonalKind, value: str | None) -> str:
    """Show as much of a value as everybody on duty may see; an erased one shows nothing.

    Telephone: 138****1234. Identity number: first 3 and last 2. Address: to the street. All else: its first sign.
    """
    if value is None:
        return ""
    match kind:
        case PersonalKind.PHONE:
            return _middle(value, *((3, 4) if len(value) >= 11 else (2, 2)))
        case PersonalKind.ID_NUMBER:
            return _middle(value, 3, 2)
        case PersonalKind.ADDRESS:
            street = _STREET.match(value)
            return f"{street.group()}{_HIDDEN}" if street and len(street.group()) < len(value) else _HIDDEN
        case PersonalKind.NAME | PersonalKind.WITNESS:
            return f"{value[0]}**" if len(value) > 1 else "*"
        case _:
            return _HIDDEN


def _middle(value: str, head: int, tail: int) -> str:
    # With fewer than four signs hidden the rest could be guessed.
    if len(value) < head + tail + 4:
        return _HIDDEN
    return f"{value[:head]}{_HIDDEN}{value[-tail:]}"


def _word(kind: PersonalKind) -> str:
    return str(kind).replace("_", " ")
