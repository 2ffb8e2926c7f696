"""A span of time in a query: `from` and `until`, its end left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime

from api.errors import FieldError, ProblemError

LONGEST: Final = timedelta(days=31)


def _span_of(
    begins: Annotated[
        AwareDatetime | None,
        Query(alias="from", description="Beginning of the span, ISO 8601 with zone; together with `until`."),
    ] = None,
    until: Annotated[
        AwareDatetime | None, Query(description="Its end, left out of it; at most 31 days after `from`.")
    ] = None,
) -> tuple[datetime, datetime] | None:
    if begins is None and until is None:
        return None
    if begins is None or until is None:
        raise _invalid("until" if until is None else "from", "a span takes both its ends")
    if not timedelta(0) < until - begins <= LONGEST:
        raise _invalid("until", "must lie after `from`, and at most 31 days after it")
    try:
        return begins.astimezone(UTC), until.astimezone(UTC)
    except OverflowError:
        raise _invalid("from", "lies outside the calendar") from None


def _invalid(name: str, what: str) -> ProblemError:
    path = f"query.{name}"
    return ProblemError(
        "request.invalid", f"The request cannot be taken: {path}: {what}.", fields=[FieldError(path, what)]
    )


SpanQuery = Annotated[tuple[datetime, datetime] | None, Depends(_span_of)]
"""None where no span is asked for. Refuses with 422 (`request.invalid`)."""
