"""The one tree of errors. Every refusal of Tarim is one of these; anything else is a bug.

    TarimError                     code, message, hint
    ├── NotFound                   no such thing
    ├── Conflict                   it clashes with what is there
    ├── Invalid                    what was given cannot be right
    ├── Refused                    understood, but not allowed now
    └── Unavailable                something we depend on does not answer
        └── DatabaseUnavailable    the database does not answer

`code` is stable and dotted, `place.reason` (`settings.invalid`): programs compare it, and it never changes.
`message` is one plain sentence that says what is wrong. `hint` says what to do, and may be empty.
"""

from collections.abc import Mapping


class TarimError(Exception):
    """Base of all refusals."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class NotFound(TarimError):
    """No such thing."""


class Conflict(TarimError):
    """It clashes with what is there. `current` says what that is, where it helps: plain JSON, nothing personal."""

    def __init__(self, code: str, message: str, hint: str = "", *, current: Mapping[str, object] | None = None) -> None:
        super().__init__(code, message, hint)
        self.current = None if current is None else dict(current)


class Invalid(TarimError):
    """What was given cannot be right."""


class Refused(TarimError):
    """Understood, but not allowed now."""


class Unavailable(TarimError):
    """Something we depend on does not answer."""


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    def __init__(
        self,
        code: str = "database.unavailable",
        message: str = "The database does not answer.",
        hint: str = "Try again in a moment.",
    ) -> None:
        super().__init__(code, message, hint)
