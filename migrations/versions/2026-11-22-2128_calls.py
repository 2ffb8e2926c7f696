"""Calls, what the exchange reports, transfers, call-backs, and their belonging to incidents.

Revision: 20261122_2128
Follows: 20261122_2126
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2128"
down_revision = "20261122_2126"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("exchange_ref", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("t0", sa.DateTime(timezone=True), nullable=False),
        sa.Column("t0_source", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_source", sa.Text(), nullable=True),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("oddities", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("given_lat", sa.Double(), nullable=True),
        sa.Column("given_lon", sa.Double(), nullable=True),
        sa.Column("datum", sa.Text(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("positioned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(origin = 'exchange') = (exchange_ref IS NOT NULL)", name=op.f("ck_calls_exchange")),
        sa.CheckConstraint(
            (
                "(state = 'ringing' AND num_nonnulls(answered_at, abandoned_at, ended_at) = 0) "
                "OR (state = 'answered' AND answered_at IS NOT NULL AND "
                "num_nonnulls(abandoned_at, ended_at) = 0) OR (state = 'abandoned' AND "
                "abandoned_at IS NOT NULL AND num_nonnulls(answered_at, ended_at) = 0) OR (state "
                "= 'ended' AND num_nonnulls(answered_at, ended_at) = 2 AND abandoned_at IS NULL)"
            ),
            name=op.f("ck_calls_times"),
        ),
        sa.CheckConstraint(
            ("answered_source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"),
            name=op.f("ck_calls_answered_source"),
        ),
        sa.CheckConstraint("datum IN ('wgs84', 'gcj02', 'bd09')", name=op.f("ck_calls_datum")),
        sa.CheckConstraint("exchange_ref <> ''", name=op.f("ck_calls_exchange_ref_filled")),
        sa.CheckConstraint("origin IN ('exchange', 'manual')", name=op.f("ck_calls_origin")),
        sa.CheckConstraint(
            (
                "outcome IN ('new_incident', 'linked', 'asked_again', 'caller_cancels', "
                "'inquiry', 'misdial', 'nuisance', 'silent', 'cut_off', 'passed', 'joined')"
            ),
            name=op.f("ck_calls_outcome"),
        ),
        sa.CheckConstraint("state IN ('ringing', 'answered', 'abandoned', 'ended')", name=op.f("ck_calls_state")),
        sa.CheckConstraint(
            ("t0_source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"),
            name=op.f("ck_calls_t0_source"),
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_source IS NULL)", name=op.f("ck_calls_answered")),
        sa.CheckConstraint("accuracy_m >= 0 AND accuracy_m <= 1000000", name=op.f("ck_calls_accuracy_m")),
        sa.CheckConstraint("given_lat BETWEEN -90 AND 90", name=op.f("ck_calls_given_lat")),
        sa.CheckConstraint("given_lon BETWEEN -180 AND 180", name=op.f("ck_calls_given_lon")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_calls_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_calls_lon")),
        sa.CheckConstraint("num_nonnulls(lat, lon, positioned_at) IN (0, 3)", name=op.f("ck_calls_position")),
        sa.CheckConstraint("version >= 1 AND oddities >= 0", name=op.f("ck_calls_counts")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_calls_incident_id_incidents")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_calls_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
        sa.UniqueConstraint("region", "exchange_ref", name=op.f("uq_calls_region_exchange_ref")),
    )
    op.create_index(op.f("ix_calls_incident_id"), "calls", ["incident_id"], unique=False)
    op.create_index(
        "ix_calls_open",
        "calls",
        ["region", "t0"],
        unique=False,
        postgresql_where=sa.text("state IN ('ringing', 'answered') OR outcome IS NULL"),
    )
    op.create_index("ix_calls_region_t0", "calls", ["region", "t0"], unique=False)
    op.create_table(
        "call_signals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("event_id <> ''", name=op.f("ck_call_signals_event_id_filled")),
        sa.CheckConstraint(
            "signal IN ('ringing', 'answered', 'details', 'abandoned', 'ended')", name=op.f("ck_call_signals_signal")
        ),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_call_signals_source"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_signals_call_id_calls")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_call_signals_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_signals")),
        sa.UniqueConstraint("region", "event_id", name=op.f("uq_call_signals_region_event_id")),
    )
    op.create_index(op.f("ix_call_signals_call_id"), "call_signals", ["call_id"], unique=False)
    op.create_table(
        "call_transfers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("their_reference", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("(agency = '120') = (prefecture <> '')", name=op.f("ck_call_transfers_prefecture")),
        sa.CheckConstraint("agency IN ('110', '119', '122', '120')", name=op.f("ck_call_transfers_agency")),
        sa.CheckConstraint("kind IN ('passed', 'joined')", name=op.f("ck_call_transfers_kind")),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_call_transfers_source"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_transfers_call_id_calls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_transfers")),
    )
    op.create_index(op.f("ix_call_transfers_call_id"), "call_transfers", ["call_id"], unique=False)
    op.create_table(
        "call_backs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name=op.f("ck_call_backs_closed")),
        sa.CheckConstraint("reason IN ('silent', 'cut_off', 'abandoned')", name=op.f("ck_call_backs_reason")),
        sa.CheckConstraint(
            "state IN ('waiting', 'reached', 'given_up', 'withdrawn')", name=op.f("ck_call_backs_state")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_call_backs_attempts")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_backs_call_id_calls")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_call_backs_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(
        "ix_call_backs_due",
        "call_backs",
        ["region", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_call_backs_waiting", "call_backs", ["call_id"], unique=True, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "call_back_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_back_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("met", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "met IN ('reached', 'no_answer', 'busy', 'off', 'wrong_number')", name=op.f("ck_call_back_attempts_met")
        ),
        sa.CheckConstraint(
            "source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')",
            name=op.f("ck_call_back_attempts_source"),
        ),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_backs.id"], name=op.f("fk_call_back_attempts_call_back_id_call_backs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back_attempts")),
        sa.UniqueConstraint("call_back_id", "ordinal", name=op.f("uq_call_back_attempts_call_back_id_ordinal")),
    )
    op.create_table(
        "incident_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("t0", sa.DateTime(timezone=True), nullable=False),
        sa.Column("t0_source", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('first', 'linked', 'asked_again', 'caller_cancels')", name=op.f("ck_incident_calls_kind")
        ),
        sa.CheckConstraint(
            ("t0_source IN ('auto', 'exchange', 'manual', 'device', 'voice', 'paper', 'inferred')"),
            name=op.f("ck_incident_calls_t0_source"),
        ),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_incident_calls_undone")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_incident_calls_call_id_calls")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_calls_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_calls")),
    )
    op.create_index(op.f("ix_incident_calls_incident_id"), "incident_calls", ["incident_id"], unique=False)
    op.create_index(
        "uq_incident_calls_present",
        "incident_calls",
        ["call_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("incident_calls")
    op.drop_table("call_back_attempts")
    op.drop_table("call_backs")
    op.drop_table("call_transfers")
    op.drop_table("call_signals")
    op.drop_table("calls")
