"""What is on an ECMO case page: values, messages, files; who of a centre is on call, and who was called.

Revision: 20261127_0772
Follows: 20261127_0750
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261127_0772"
down_revision = "20261127_0750"
branch_labels = None
depends_on = None

GROUNDS = "('request', 'term_ended', 'consent_withdrawn', 'unlawful', 'court')"


def _id(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    key = "name" if other == "regions" else "id"
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _values_and_messages() -> None:
    one = "ecmo_values"
    op.create_table(
        one,
        _id("id"),
        _id("request_id"),
        _text("item"),
        sa.Column("value", postgresql.JSONB(none_as_null=True), nullable=True),
        _time("at"),
        _time("entered_at"),
        _text("actor"),
        _check(one, "item_filled", "item <> ''"),
        _check(one, "actor_filled", "actor <> ''"),
        _check(one, "times", "at <= entered_at"),
        _to(one, "request_id", "ecmo_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_values")),
    )
    op.create_index("ix_ecmo_values_request_id_item_at", one, ["request_id", "item", "at"])
    one = "ecmo_messages"
    op.create_table(
        one,
        _id("id"),
        _id("request_id"),
        _text("kind"),
        _text("side"),
        _text("organisation"),
        _text("actor"),
        _time("at"),
        _time("entered_at"),
        _check(one, "kind", "kind IN ('message', 'question', 'advice')"),
        _check(one, "side", "side IN ('asker', 'centre', 'coordinator')"),
        _check(one, "actor_filled", "actor <> ''"),
        _check(one, "organisation_filled", "organisation <> ''"),
        _check(one, "times", "at <= entered_at"),
        _to(one, "request_id", "ecmo_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_messages")),
    )
    op.create_index("ix_ecmo_messages_request_id_at", one, ["request_id", "at"])
    one = "ecmo_reads"
    op.create_table(
        one,
        _id("message_id"),
        _text("actor"),
        _text("organisation"),
        _time("at"),
        _check(one, "actor_filled", "actor <> ''"),
        _check(one, "organisation_filled", "organisation <> ''"),
        _to(one, "message_id", "ecmo_messages"),
        sa.PrimaryKeyConstraint("message_id", "actor", name=op.f("pk_ecmo_reads")),
    )


def _files() -> None:
    one = "ecmo_files"
    op.create_table(
        one,
        _id("id"),
        _id("request_id"),
        _text("kind"),
        _text("form", nullable=True),
        _time("at"),
        _time("entered_at"),
        _text("actor"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        _time("whole_at", nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        _time("erased_at", nullable=True),
        _text("erased_by", nullable=True),
        _text("erasure_basis", nullable=True),
        _check(one, "kind", "kind IN ('blood_gas', 'echo', 'xray', 'ct', 'ecg', 'other')"),
        _check(one, "form", "form IN ('jpeg', 'webp', 'mp4')"),
        _check(one, "erasure_basis", f"erasure_basis IN {GROUNDS}"),
        _check(one, "actor_filled", "actor <> ''"),
        _check(one, "total", "total BETWEEN 1 AND 16000000"),
        _check(one, "times", "at <= entered_at"),
        _check(one, "whole", "(whole_at IS NULL) = (form IS NULL)"),
        _check(one, "data", "data IS NULL OR (whole_at IS NOT NULL AND erased_at IS NULL)"),
        _check(one, "small", "small IS NULL OR data IS NOT NULL"),
        _check(one, "erased", "num_nonnulls(erased_at, erased_by, erasure_basis) IN (0, 3)"),
        _to(one, "request_id", "ecmo_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_files")),
    )
    op.create_index("ix_ecmo_files_request_id_at", one, ["request_id", "at"])
    one = "ecmo_file_pieces"
    op.create_table(
        one,
        _id("file_id"),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _check(one, "start", "start >= 0"),
        _to(one, "file_id", "ecmo_files"),
        sa.PrimaryKeyConstraint("file_id", "start", name=op.f("pk_ecmo_file_pieces")),
    )


def _alerting() -> None:
    one = "ecmo_on_call"
    op.create_table(
        one,
        _id("id"),
        _text("region"),
        _id("hospital_id"),
        _id("person_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _time("from_at"),
        _time("until_at"),
        _time("entered_at"),
        _text("entered_by"),
        _time("withdrawn_at", nullable=True),
        _text("withdrawn_by", nullable=True),
        _check(one, "entered_by_filled", "entered_by <> ''"),
        _check(one, "place", "place BETWEEN 1 AND 20"),
        _check(one, "times", "until_at > from_at"),
        _check(one, "withdrawn", "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"),
        _to(one, "region", "regions"),
        _to(one, "hospital_id", "hospitals"),
        _to(one, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_on_call")),
    )
    op.create_index("ix_ecmo_on_call_hospital_id_until_at", one, ["hospital_id", "until_at"])
    one = "ecmo_alerts"
    op.create_table(
        one,
        _id("id"),
        _id("offer_id"),
        _id("person_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        _time("raised_at"),
        _time("seen_at", nullable=True),
        _time("escalated_at", nullable=True),
        _time("ended_at", nullable=True),
        _check(one, "place", "place >= 1"),
        _check(one, "times", "seen_at >= raised_at AND escalated_at >= raised_at AND ended_at >= raised_at"),
        _to(one, "offer_id", "ecmo_offers"),
        _to(one, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecmo_alerts")),
        sa.UniqueConstraint(
            "offer_id", "person_id", "raised_at", name=op.f("uq_ecmo_alerts_offer_id_person_id_raised_at")
        ),
    )
    op.create_index("ix_ecmo_alerts_person_id", one, ["person_id"])


def upgrade() -> None:
    _values_and_messages()
    _files()
    _alerting()


def downgrade() -> None:
    for table in (
        "ecmo_alerts",
        "ecmo_on_call",
        "ecmo_file_pieces",
        "ecmo_files",
        "ecmo_reads",
        "ecmo_messages",
        "ecmo_values",
    ):
        op.drop_table(table)
