"""Incidents with their places, priorities and notes; personal values and request keys.

Revision: 20261122_2126
Follows: 20261122_2120
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2126"
down_revision = "20261122_2120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_counters",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 1", name=op.f("ck_incident_counters_last")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_incident_counters_region_regions")),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_incident_counters")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("t0", sa.DateTime(timezone=True), nullable=False),
        sa.Column("t0_source", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("without_call", sa.Boolean(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("place_version", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("initial_priority", sa.Text(), nullable=False),
        sa.Column("capabilities", sa.Text(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_scene_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_incidents_closed")),
        sa.CheckConstraint(
            "COALESCE(cancel_reason = 'duplicate', false) = (duplicate_of IS NOT NULL)",
            name=op.f("ck_incidents_duplicate"),
        ),
        sa.CheckConstraint(
            (
                "cancel_reason IN ('caller_cancelled', 'duplicate', 'no_emergency', "
                "'own_transport', 'advice_only', 'passed_on', 'malicious', 'entered_in_error', "
                "'drill')"
            ),
            name=op.f("ck_incidents_cancel_reason"),
        ),
        sa.CheckConstraint("capabilities ~ '^B?A?E?N?O?G?R?P?$'", name=op.f("ck_incidents_capabilities")),
        sa.CheckConstraint(
            "complaint ~ '^K(0[1-9]|[12][0-9]|3[0-6])$' OR complaint = ''", name=op.f("ck_incidents_complaint")
        ),
        sa.CheckConstraint("initial_priority IN ('P1', 'P2', 'P3', 'P4')", name=op.f("ck_incidents_initial_priority")),
        sa.CheckConstraint(
            ("num_nonnulls(cancelled_at, cancel_reason) = CASE WHEN state = 'cancelled' THEN 2 ELSE 0 END"),
            name=op.f("ck_incidents_cancelled"),
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_incidents_number_filled")),
        sa.CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name=op.f("ck_incidents_priority")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_incidents_source"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR state = 'cancelled' OR dispatched_at IS NOT NULL", name=op.f("ck_incidents_dispatched")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'dispatched', 'on_scene', 'closed', 'cancelled')", name=op.f("ck_incidents_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('on_scene', 'closed') OR on_scene_at IS NOT NULL", name=op.f("ck_incidents_on_scene")
        ),
        sa.CheckConstraint(
            ("t0_source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"),
            name=op.f("ck_incidents_t0_source"),
        ),
        sa.CheckConstraint("duplicate_of <> id", name=op.f("ck_incidents_not_of_itself")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_incidents_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_incidents_lon")),
        sa.CheckConstraint("num_nonnulls(lat, lon) IN (0, 2)", name=op.f("ck_incidents_point")),
        sa.CheckConstraint("version >= 1 AND place_version >= 0", name=op.f("ck_incidents_versions")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["incidents.id"], name=op.f("fk_incidents_duplicate_of_incidents")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_incidents_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("region", "number", name=op.f("uq_incidents_region_number")),
    )
    op.create_index(
        "ix_incidents_active",
        "incidents",
        ["region", "priority", "t0"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'dispatched', 'on_scene')"),
    )
    op.create_index("ix_incidents_region_t0", "incidents", ["region", "t0"], unique=False)
    op.create_table(
        "personal_values",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_by", sa.Text(), nullable=True),
        sa.Column("erasure_basis", sa.Text(), nullable=True),
        sa.CheckConstraint("digest <> ''", name=op.f("ck_personal_values_digest_filled")),
        sa.CheckConstraint(
            ("erasure_basis IN ('request', 'term_ended', 'consent_withdrawn', 'unlawful', 'court')"),
            name=op.f("ck_personal_values_erasure_basis"),
        ),
        sa.CheckConstraint(
            (
                "kind IN ('phone', 'name', 'id_number', 'address', 'note', 'reason', "
                "'recording', 'witness', 'destination')"
            ),
            name=op.f("ck_personal_values_kind"),
        ),
        sa.CheckConstraint("owner IN ('call', 'incident', 'patient', 'note')", name=op.f("ck_personal_values_owner")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_personal_values_source"),
        ),
        sa.CheckConstraint("value <> ''", name=op.f("ck_personal_values_value_filled")),
        sa.CheckConstraint(
            (
                "(value IS NULL AND num_nonnulls(erased_at, erased_by, erasure_basis) = 3) OR "
                "(value IS NOT NULL AND num_nonnulls(erased_at, erased_by, erasure_basis) = 0)"
            ),
            name=op.f("ck_personal_values_erased"),
        ),
        sa.CheckConstraint("char_length(value) <= 20000", name=op.f("ck_personal_values_value_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_personal_values_version")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_personal_values_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_values")),
        sa.UniqueConstraint("owner_id", "kind", "version", name=op.f("uq_personal_values_owner_id_kind_version")),
    )
    op.create_index(
        "ix_personal_values_digest",
        "personal_values",
        ["digest"],
        unique=False,
        postgresql_where=sa.text("value IS NOT NULL"),
    )
    op.create_table(
        "request_keys",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("actor <> ''", name=op.f("ck_request_keys_actor_filled")),
        sa.CheckConstraint("body_digest <> ''", name=op.f("ck_request_keys_body_digest_filled")),
        sa.CheckConstraint("key <> ''", name=op.f("ck_request_keys_key_filled")),
        sa.CheckConstraint("scope <> ''", name=op.f("ck_request_keys_scope_filled")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_request_keys_region_regions")),
        sa.PrimaryKeyConstraint("region", "scope", "actor", "key", name=op.f("pk_request_keys")),
    )
    op.create_index(op.f("ix_request_keys_created_at"), "request_keys", ["created_at"], unique=False)
    op.create_table(
        "incident_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("datum", sa.Text(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("place_source", sa.Text(), nullable=False),
        sa.Column("words_id", sa.Uuid(), nullable=True),
        sa.Column("coarse", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("datum IN ('wgs84', 'gcj02', 'bd09')", name=op.f("ck_incident_places_datum")),
        sa.CheckConstraint(
            "place_source IN ('map', 'typed', 'exchange', 'phone', 'gazetteer', 'crew')",
            name=op.f("ck_incident_places_place_source"),
        ),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_incident_places_source"),
        ),
        sa.CheckConstraint("accuracy_m >= 0 AND accuracy_m <= 1000000", name=op.f("ck_incident_places_accuracy_m")),
        sa.CheckConstraint("given_lat BETWEEN -90 AND 90", name=op.f("ck_incident_places_given_lat")),
        sa.CheckConstraint("given_lon BETWEEN -180 AND 180", name=op.f("ck_incident_places_given_lon")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_incident_places_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_incident_places_lon")),
        sa.CheckConstraint(
            "num_nonnulls(lat, lon) IN (0, 2) AND num_nonnulls(given_lat, given_lon) IN (0, 2)",
            name=op.f("ck_incident_places_point"),
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_places_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(
            ["words_id"], ["personal_values.id"], name=op.f("fk_incident_places_words_id_personal_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_places")),
        sa.UniqueConstraint("incident_id", "version", name=op.f("uq_incident_places_incident_id_version")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_notes_source"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notes_version")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_notes_incident_id_incidents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_incident_id"), "notes", ["incident_id"], unique=False)
    op.create_table(
        "priority_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("(move = 'initial') = (ordinal = 1)", name=op.f("ck_priority_steps_initial")),
        sa.CheckConstraint("move <> 'lowered' OR reason_id IS NOT NULL", name=op.f("ck_priority_steps_reason")),
        sa.CheckConstraint("move IN ('initial', 'raised', 'lowered')", name=op.f("ck_priority_steps_move")),
        sa.CheckConstraint("priority IN ('P1', 'P2', 'P3', 'P4')", name=op.f("ck_priority_steps_priority")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_priority_steps_source"),
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_priority_steps_incident_id_incidents")
        ),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["personal_values.id"], name=op.f("fk_priority_steps_reason_id_personal_values")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_steps")),
        sa.UniqueConstraint("incident_id", "ordinal", name=op.f("uq_priority_steps_incident_id_ordinal")),
    )


def downgrade() -> None:
    op.drop_table("priority_steps")
    op.drop_table("notes")
    op.drop_table("incident_places")
    op.drop_table("request_keys")
    op.drop_table("personal_values")
    op.drop_table("incidents")
    op.drop_table("incident_counters")
