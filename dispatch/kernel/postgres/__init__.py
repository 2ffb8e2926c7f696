"""The embedded PostgreSQL: the built-in programs under our own supervision.

Users want `embedded.EmbeddedPostgres`; backups are in `archive`. Nothing is imported here: the guardian starts from
this package and has to start quickly.
"""
