"""What the journal keeps of imports: that records came from elsewhere, how many, of which file."""

from __future__ import annotations

from uuid import UUID

from dispatch.kernel.events import Event, event


@event("records.imported", subject="import_id")
class RecordsImported(Event):
    """Records of a file count from now on. mark: under which they stand in the record table; digests are SHA-256."""

    import_id: UUID
    region: str
    mark: str
    file_digest: str
    mapping_digest: str
    rows: int
    imported: int
    quarantined: int
    repeated: int


@event("records.dropped", subject="import_id")
class RecordsDropped(Event):
    """All records under a mark count no more."""

    import_id: UUID
    region: str
    mark: str
