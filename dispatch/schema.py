"""All tables in one place, for Alembic. Each feature's tables.py is imported here."""

from dispatch.accounts import tables as accounts
from dispatch.hospitals import tables as hospitals
from dispatch.kernel import journal_table as journal
from dispatch.kernel.db import metadata
from dispatch.roads import tables as roads
from dispatch.units import tables as units

__all__ = ["accounts", "hospitals", "journal", "metadata", "roads", "units"]
