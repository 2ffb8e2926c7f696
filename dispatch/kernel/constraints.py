"""CHECK constraints that many tables share. The database has the last word."""

from __future__ import annotations

from enum import StrEnum

import asyncpg
from sqlalchemy import CheckConstraint
from sqlalchemy.exc import IntegrityError


def one_of(column: str, values: type[StrEnum], *, empty: bool = False) -> CheckConstraint:
    """The column holds one of the enum's values (or "" if `empty`)."""
    words = [str(value) for value in values] + ([""] if empty else [])
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def filled(column: str) -> CheckConstraint:
    """The text is not empty."""
    return CheckConstraint(f"{column} <> ''", name=f"{column}_filled")


def on_earth(lat: str = "lat", lon: str = "lon") -> tuple[CheckConstraint, CheckConstraint]:
    """Latitude within ±90, longitude within ±180 degrees; NaN is refused, as PostgreSQL sorts it above all numbers."""
    return (
        CheckConstraint(f"{lat} BETWEEN -90 AND 90", name=lat),
        CheckConstraint(f"{lon} BETWEEN -180 AND 180", name=lon),
    )


def within(column: str, low: int, high: int) -> CheckConstraint:
    """A number within bounds, both included; NULL passes."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def broken_by(error: IntegrityError) -> str:
    """The name of the constraint that a statement broke; empty where the server names none."""
    cause = error.orig.__cause__ if error.orig is not None else None
    name = cause.constraint_name if isinstance(cause, asyncpg.PostgresError) else None
    return str(name or "")
