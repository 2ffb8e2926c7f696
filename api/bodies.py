"""Request bodies and answers: JSON by msgspec, checked once, told by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from api.errors import FieldError, ProblemError

T = TypeVar("T")
_AT = re.compile(r"^(?P<message>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_encoder = msgspec.json.Encoder()


class Body(Generic[T]):
    """Reads one kind of body. Made once per route."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind
        self._decoder = msgspec.json.Decoder(kind)

    async def of(self, request: Request) -> T:
        """Read the body.

        Raises:
            ProblemError: `request.invalid` with the path of the wrong field; also for text with NUL characters or lone
                surrogates, and for what is no JSON. `request.media_type` for a body that is declared as something else.
        """
        declared = request.headers.get("content-type", "")
        if declared and not _is_json(declared):
            raise ProblemError(
                "request.media_type", "The body must be JSON.", "Send it with Content-Type: application/json."
            )
        return self.decode(await request.body())

    def decode(self, raw: bytes) -> T:
        """Read the bytes of a body; raises as `of`."""
        try:
            value = self._decoder.decode(raw)
        except msgspec.ValidationError as error:
            raise _invalid(str(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ProblemError(
                "request.invalid", f"The body is not valid JSON: {error}.", "Send JSON in UTF-8."
            ) from None
        except RecursionError:
            raise ProblemError("request.invalid", "The body is nested too deeply.") from None
        if b"\\u0000" in raw and any("\0" in text for text in _texts(msgspec.json.decode(raw))):
            raise ProblemError("request.invalid", "The body holds text with NUL characters.", "Take them out.")
        return value


def answer(value: object, *, status: int = 200, media_type: str = "application/json") -> Response:
    """Return an answer whose JSON is encoded once, here."""
    return Response(_encoder.encode(value), status, media_type=media_type)


def _invalid(sentence: str) -> ProblemError:
    found = _AT.match(sentence)
    message, path = (found["message"], found["path"] or "$") if found else (sentence, "$")
    place = path.removeprefix("$").removeprefix(".") or "body"
    return ProblemError(
        "request.invalid",
        f"The body cannot be taken: {place}: {message}.",
        "Correct the field and send it again; /docs shows the form.",
        fields=[FieldError(place, message)],
    )


def _is_json(declared: str) -> bool:
    kind = declared.partition(";")[0].strip().lower()
    # curl -d declares a form; it is JSON all the same, or it is refused as none.
    return kind.endswith("json") or kind in ("application/x-www-form-urlencoded", "text/plain")


def _texts(value: object) -> Iterator[str]:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
