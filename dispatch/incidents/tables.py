"""All tables of this feature, for whoever needs them together."""

from dispatch.incidents import tables_calls, tables_drafts, tables_incidents, tables_patients, tables_personal

__all__ = ["tables_calls", "tables_drafts", "tables_incidents", "tables_patients", "tables_personal"]
