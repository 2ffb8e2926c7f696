"""Accounts: organisations, people with names and roles, sessions, devices, counts of wrong passwords.

Revision: 20261122_2110
Follows: 20261122_2100
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2110"
down_revision = "20261122_2100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name_zh <> ''", name=op.f("ck_organisations_name_zh_filled")),
        sa.CheckConstraint("system IN ('civil', 'corps')", name=op.f("ck_organisations_system")),
        sa.CheckConstraint("char_length(code) BETWEEN 1 AND 64", name=op.f("ck_organisations_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_organisations")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_people_revoked")),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name=op.f("ck_people_password_hash")),
        sa.CheckConstraint("state <> 'revoked' OR password_hash IS NULL", name=op.f("ck_people_revoked_password")),
        sa.CheckConstraint("state IN ('active', 'locked', 'revoked')", name=op.f("ck_people_state")),
        sa.CheckConstraint("(password_hash IS NULL) = (password_set_at IS NULL)", name=op.f("ck_people_password_set")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.code"], name=op.f("fk_people_organisation_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_organisation"), "people", ["organisation"], unique=False)
    op.create_table(
        "person_names",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("login_name", sa.Text(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(display_name) BETWEEN 1 AND 200", name=op.f("ck_person_names_display_name")),
        sa.CheckConstraint("char_length(login_name) BETWEEN 1 AND 64", name=op.f("ck_person_names_login_name")),
        sa.CheckConstraint(
            "num_nonnulls(login_name, display_name) = CASE WHEN erased_at IS NULL THEN 2 ELSE 0 END",
            name=op.f("ck_person_names_erased"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_person_names_version")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_names_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "version", name=op.f("pk_person_names")),
    )
    op.create_index(
        "uq_person_names_current",
        "person_names",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "uq_person_names_login_name",
        "person_names",
        ["login_name"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('dispatcher', 'crew', 'emergency_doctor', 'ecmo_coordinator', 'supervisor', 'administrator')",
            name=op.f("ck_person_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.code"], name=op.f("fk_person_roles_organisation_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "role", "organisation", name=op.f("pk_person_roles")),
    )
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended_because IN ('logout', 'replaced', 'closed', 'password', 'locked', 'revoked')",
            name=op.f("ck_login_sessions_ended_because"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_login_sessions_ended")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_login_sessions_expires")),
        sa.CheckConstraint("last_seen_at >= created_at", name=op.f("ck_login_sessions_last_seen")),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_login_sessions_token_hash")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_login_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    op.create_index(
        "ix_login_sessions_open",
        "login_sessions",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("call_sign", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'vehicle') = (call_sign <> '')", name=op.f("ck_devices_call_sign")),
        sa.CheckConstraint("created_by <> ''", name=op.f("ck_devices_created_by_filled")),
        sa.CheckConstraint("kind IN ('vehicle', 'exchange')", name=op.f("ck_devices_kind")),
        sa.CheckConstraint("region ~ '^[a-z0-9][a-z0-9_-]{0,62}$'", name=op.f("ck_devices_region")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_devices_revoked")),
        sa.CheckConstraint("octet_length(token_hash) = 32", name=op.f("ck_devices_token_hash")),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisations.code"], name=op.f("fk_devices_organisation_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_index("ix_devices_region_call_sign", "devices", ["region", "call_sign"], unique=False)
    op.create_table(
        "login_tries",
        sa.Column("count", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("count IN ('pair', 'account', 'source')", name=op.f("ck_login_tries_count")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_login_tries_failures")),
        sa.CheckConstraint("octet_length(key) = 32", name=op.f("ck_login_tries_key")),
        sa.PrimaryKeyConstraint("count", "key", name=op.f("pk_login_tries")),
    )


def downgrade() -> None:
    op.drop_table("login_tries")
    op.drop_table("devices")
    op.drop_table("login_sessions")
    op.drop_table("person_roles")
    op.drop_table("person_names")
    op.drop_table("people")
    op.drop_table("organisations")
