"""What an import found wrong, by row and column, as data; and the report it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_LISTED: Final = 100
"""Errors (and warnings) listed one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault. `row` counts as a spreadsheet does, from 1; 0 is the file as a whole. `column` "" is the whole row.

    `code` is stable and dotted (`cell.missing`, `key.duplicate`); `message` is a plain sentence.
    """

    row: int
    column: str
    code: str
    message: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{place}: {self.message}" if place else self.message


class Findings:
    """Collects errors and warnings; keeps the first `limit` of each and counts all."""

    def __init__(self, limit: int = MAX_LISTED) -> None:
        self._limit = limit
        self._errors: list[RowError] = []
        self._warnings: list[RowError] = []
        self.error_count = 0
        self.warning_count = 0

    def error(self, row: int, column: str, code: str, message: str) -> None:
        """Note a fault that forbids the import."""
        self.error_count += 1
        if len(self._errors) < self._limit:
            self._errors.append(RowError(row, column, code, message))

    def warn(self, row: int, column: str, code: str, message: str) -> None:
        """Note what a person should look at; the import goes on."""
        self.warning_count += 1
        if len(self._warnings) < self._limit:
            self._warnings.append(RowError(row, column, code, message))

    @property
    def errors(self) -> tuple[RowError, ...]:
        """The first errors, by row."""
        return tuple(sorted(self._errors, key=lambda found: found.row))

    @property
    def warnings(self) -> tuple[RowError, ...]:
        """The first warnings, by row."""
        return tuple(sorted(self._warnings, key=lambda found: found.row))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records an import adds, changes, leaves and removes."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything differs afterwards."""
        return bool(self.added or self.updated or self.removed)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or on a dry run would do.

    With any error nothing was changed: `applied` is False and the counts are 0. `errors_more` and `warnings_more`
    say how many stand behind those listed. `data_version` is the region's afterwards.
    """

    kind: str
    rows: int
    applied: bool
    dry_run: bool
    counts: Counts
    errors: tuple[RowError, ...]
    errors_more: int
    warnings: tuple[RowError, ...]
    warnings_more: int
    data_version: int

    @property
    def ok(self) -> bool:
        """Whether the file is without fault."""
        return not self.errors


def report(
    kind: str, rows: int, findings: Findings, counts: Counts, *, dry_run: bool, data_version: int
) -> ImportReport:
    """Sum up an import."""
    faulty = findings.error_count > 0
    return ImportReport(
        kind=kind,
        rows=rows,
        applied=not faulty and not dry_run,
        dry_run=dry_run,
        counts=Counts() if faulty else counts,
        errors=findings.errors,
        errors_more=findings.error_count - len(findings.errors),
        warnings=findings.warnings,
        warnings_more=findings.warning_count - len(findings.warnings),
        data_version=data_version,
    )
