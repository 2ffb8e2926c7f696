"""What makes a password fit, and how names and passwords are brought to one form. Pure.

Rules after NIST SP 800-63B-4, section 3.1.1: length counts, composition does not; well-known ones are refused; all
signs are taken; nothing is cut off. Both forms of one sign are the same (NFKC), so that any keyboard will do.
"""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files
from typing import Final

from dispatch.kernel.errors import Invalid
from dispatch.kernel.texts import text_fault

MIN_LENGTH: Final = 12
MIN_WORDS: Final = 4
MIN_WORD_SIGNS: Final = 8
"""A passphrase of four different words may be shorter, as Chinese words are: together at least this long."""
MAX_LENGTH: Final = 1_024
MAX_NAME_LENGTH: Final = 64
_NAME: Final = re.compile(r"[^\W_](?:[\w.@-]*\w)?")
_RUNS: Final = (
    "0123456789" * 3,
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LONGEST_BLOCK: Final = 5


def _load() -> frozenset[str]:
    text = files("dispatch.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


COMMON: Final = _load()


def normal_password(password: str) -> str:
    """The one form in which a password is hashed and compared. Raises Invalid (`password.text`) for broken text."""
    if len(password) > MAX_LENGTH:
        raise Invalid("password.too_long", f"The password is longer than {MAX_LENGTH} characters.")
    normal = unicodedata.normalize("NFKC", password)
    if text_fault(normal, 18 * MAX_LENGTH) is not None or any(sign in normal for sign in "\t\n\r"):
        raise Invalid("password.text", "The password holds characters that cannot be typed again.")
    return normal


def normal_name(name: str) -> str:
    """The one form of a login name. Raises Invalid (`person.login_name`); the name itself is not repeated."""
    normal = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", name.strip()[: 4 * MAX_NAME_LENGTH]).casefold()
    )
    if not 0 < len(normal) <= MAX_NAME_LENGTH or not _NAME.fullmatch(normal):
        raise Invalid(
            "person.login_name",
            f"A login name is 1 to {MAX_NAME_LENGTH} letters and digits, with . _ - @ between them.",
        )
    return normal


def check_new_password(password: str, login_name: str) -> str:
    """Return the normal form of a password fit to be set.

    Raises Invalid: `password.too_short`, `password.common`, `password.holds_name`, `password.too_long`,
    `password.text`. The password is not repeated.
    """
    normal = normal_password(password)
    words = {word for word in normal.casefold().split(" ") if word}
    is_phrase = len(words) >= MIN_WORDS and sum(map(len, words)) >= MIN_WORD_SIGNS
    if len(normal) < MIN_LENGTH and not is_phrase:
        raise Invalid(
            "password.too_short",
            f"The password is shorter than {MIN_LENGTH} characters.",
            f"Take a longer one, or a phrase of {MIN_WORDS} different words with spaces between them.",
        )
    if _is_common(normal):
        raise Invalid(
            "password.common", "Everybody guesses this password.", "Take several words that do not belong together."
        )
    name = normal_name(login_name)
    if len(name) >= 3 and name in normal.casefold() and len(normal) - len(name) < MIN_LENGTH:
        raise Invalid("password.holds_name", "The password is little more than the login name.", "Take another.")
    return normal


def _is_common(password: str) -> bool:
    plain = "".join(password.casefold().split())
    bare = "".join(sign for sign in plain if sign.isalnum())
    if len(set(plain)) < 4:
        return True
    if 2 * len(bare) < len(plain):
        return False
    if any(bare in run or bare in run[::-1] for run in _RUNS):
        return True
    if any(_repeats(bare, size) for size in range(1, _LONGEST_BLOCK + 1)):
        return True
    letters = bare.strip("0123456789")
    # Known stems, alone, with digits around them, or one after the other: password2026, admintarim123.
    return bare in COMMON or letters in COMMON or _made_of_stems(letters)


def _repeats(bare: str, size: int) -> bool:
    """Tell whether it is one block of that size, over and over."""
    return len(bare) >= 2 * size and (bare[:size] * len(bare))[: len(bare)] == bare


def _made_of_stems(letters: str) -> bool:
    if not letters:
        # Digits alone: telephone and identity numbers.
        return True
    reached = {0}
    for start in range(len(letters)):
        if start in reached:
            reached |= {start + size for size in range(3, 13) if letters[start : start + size] in COMMON}
    return len(letters) in reached
