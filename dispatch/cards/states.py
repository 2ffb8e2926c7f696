"""Kinds of questions, and the answers that are no option of their own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias


class Kind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    """Any number of options at once."""
    NUMBER = "number"


Answer: TypeAlias = str | float | tuple[str, ...]
"""yes, no or an option's code; a number in the question's unit; several codes. Any question takes `UNKNOWN`."""
Answers: TypeAlias = Mapping[str, Answer]
"""By question. A question that is not there was not asked."""

UNKNOWN: Final = "unknown"
"""Asked, but nobody could say."""
NOT_MEASURED: Final = "none"
"""The answer to an optional measurement that nobody took."""
YES: Final = "yes"
NO: Final = "no"
