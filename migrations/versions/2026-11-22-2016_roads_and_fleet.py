"""Roads and fleet: regions, closures, own places, zones, stations, units, hospitals.

Revision: 20261122_2016
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2016"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("schematic", sa.Boolean(), nullable=False),
        sa.Column("network_file", sa.Text(), nullable=True),
        sa.Column("network_sha256", sa.Text(), nullable=True),
        sa.Column("network_adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("network_version", sa.BigInteger(), nullable=False),
        sa.Column("overlay_version", sa.BigInteger(), nullable=False),
        sa.Column("data_version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(network_version = 0 AND num_nonnulls(network_file, network_sha256, network_adopted_at) = 0) OR "
            "(network_version > 0 AND num_nonnulls(network_file, network_sha256, network_adopted_at) = 3)",
            name=op.f("ck_regions_network"),
        ),
        sa.CheckConstraint("name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'", name=op.f("ck_regions_name")),
        sa.CheckConstraint("name_zh <> ''", name=op.f("ck_regions_name_zh_filled")),
        sa.CheckConstraint("network_sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_regions_network_sha256")),
        sa.CheckConstraint("network_file <> ''", name=op.f("ck_regions_network_file")),
        sa.CheckConstraint("overlay_version >= 0 AND data_version >= 0", name=op.f("ck_regions_versions")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_regions")),
    )
    op.create_table(
        "closures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ways", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("edges", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("network_version", sa.BigInteger(), nullable=True),
        sa.Column("stale_network", sa.Boolean(), nullable=False),
        sa.Column("polygon", sa.LargeBinary(), nullable=True),
        sa.Column("centre_lat", sa.Double(), nullable=True),
        sa.Column("centre_lon", sa.Double(), nullable=True),
        sa.Column("radius_m", sa.Double(), nullable=True),
        sa.Column("speed_factor", sa.Double(), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'edges') = (network_version IS NOT NULL)", name=op.f("ck_closures_network_version")
        ),
        sa.CheckConstraint(
            "(kind = 'ways' "
            "AND ways IS NOT NULL AND cardinality(ways) > 0 "
            "AND edges IS NULL "
            "AND polygon IS NULL AND centre_lat IS NULL) "
            "OR (kind = 'edges' "
            "AND edges IS NOT NULL AND cardinality(edges) > 0 "
            "AND ways IS NULL "
            "AND polygon IS NULL AND centre_lat IS NULL) "
            "OR (kind = 'polygon' "
            "AND polygon IS NOT NULL "
            "AND ways IS NULL "
            "AND edges IS NULL AND centre_lat IS NULL) "
            "OR (kind = 'circle' AND centre_lat IS NOT NULL "
            "AND ways IS NULL "
            "AND edges IS NULL "
            "AND polygon IS NULL)",
            name=op.f("ck_closures_shape"),
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND lifted_by <> ''", name=op.f("ck_closures_lifted")
        ),
        sa.CheckConstraint("author <> ''", name=op.f("ck_closures_author_filled")),
        sa.CheckConstraint("kind = 'edges' OR NOT stale_network", name=op.f("ck_closures_stale_network")),
        sa.CheckConstraint("kind IN ('ways', 'edges', 'polygon', 'circle')", name=op.f("ck_closures_kind")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_closures_reason_filled")),
        sa.CheckConstraint("active_until > active_from", name=op.f("ck_closures_times")),
        sa.CheckConstraint("centre_lat BETWEEN -90 AND 90", name=op.f("ck_closures_centre_lat")),
        sa.CheckConstraint("centre_lon BETWEEN -180 AND 180", name=op.f("ck_closures_centre_lon")),
        sa.CheckConstraint("num_nonnulls(centre_lat, centre_lon, radius_m) IN (0, 3)", name=op.f("ck_closures_circle")),
        sa.CheckConstraint("radius_m > 0 AND radius_m <= 100000", name=op.f("ck_closures_radius_m")),
        sa.CheckConstraint(
            "speed_factor = 0 OR (speed_factor >= 0.01 AND speed_factor < 1)", name=op.f("ck_closures_speed_factor")
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_closures_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
    )
    op.create_index(
        "ix_closures_in_force",
        "closures",
        ["region", "id"],
        unique=False,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_index(op.f("ix_closures_region"), "closures", ["region"], unique=False)
    op.create_table(
        "hospitals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("capabilities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("beds", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "capabilities <@ ARRAY['emergency', 'chest_pain', 'pci', 'stroke', 'trauma', "
            "'obstetric', 'neonatal', 'ecmo', 'icu', 'surgery', 'burns', 'paediatric', 'infectious', "
            "'psychiatric', 'poisoning', 'hyperbaric', 'dialysis', 'helipad']::text[]",
            name=op.f("ck_hospitals_capabilities"),
        ),
        sa.CheckConstraint("code <> ''", name=op.f("ck_hospitals_code_filled")),
        sa.CheckConstraint(
            "level IN ('3S', '3A', '3B', '3C', '3', '2A', '2B', '2C', '2', '1A', '1B', '1C', '1', '0', '')",
            name=op.f("ck_hospitals_level"),
        ),
        sa.CheckConstraint("name_zh <> ''", name=op.f("ck_hospitals_name_zh_filled")),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_hospitals_organisation_filled")),
        sa.CheckConstraint("system IN ('civil', 'corps')", name=op.f("ck_hospitals_system")),
        sa.CheckConstraint("beds BETWEEN 0 AND 20000", name=op.f("ck_hospitals_beds")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_hospitals_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_hospitals_lon")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_hospitals_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospitals")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_hospitals_region_code")),
    )
    op.create_table(
        "own_places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_own_places_code_filled")),
        sa.CheckConstraint("kind <> ''", name=op.f("ck_own_places_kind_filled")),
        sa.CheckConstraint("name_zh <> ''", name=op.f("ck_own_places_name_zh_filled")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_own_places_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_own_places_lon")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_own_places_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_places")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_own_places_region_code")),
    )
    op.create_table(
        "stations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_stations_code_filled")),
        sa.CheckConstraint("name_zh <> ''", name=op.f("ck_stations_name_zh_filled")),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_stations_organisation_filled")),
        sa.CheckConstraint("system IN ('civil', 'corps')", name=op.f("ck_stations_system")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_stations_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_stations_lon")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_stations_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_stations_region_code")),
        sa.UniqueConstraint("region", "id", name=op.f("uq_stations_region_id")),
    )
    op.create_table(
        "zones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ug", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("polygon", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_zones_code_filled")),
        sa.CheckConstraint("kind IN ('urban', 'rural', 'organisation', 'county')", name=op.f("ck_zones_kind")),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_zones_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zones")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_zones_region_code")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("call_sign", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("special", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Uuid(), nullable=False),
        sa.Column("capabilities", sa.Text(), nullable=False),
        sa.Column("height_cm", sa.Integer(), nullable=True),
        sa.Column("width_cm", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Integer(), nullable=True),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("position_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(type = 'special') = (special <> '')", name=op.f("ck_units_special_type")),
        sa.CheckConstraint("call_sign <> ''", name=op.f("ck_units_call_sign_filled")),
        sa.CheckConstraint("capabilities ~ '^B?A?E?N?O?G?R?P?$'", name=op.f("ck_units_capabilities")),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_units_organisation_filled")),
        sa.CheckConstraint(
            "special IN ('ecmo', 'neonatal', 'obstetric', 'stroke', 'bariatric', 'command', 'supply', "
            "'rescue', 'other', '')",
            name=op.f("ck_units_special"),
        ),
        sa.CheckConstraint("system IN ('civil', 'corps')", name=op.f("ck_units_system")),
        sa.CheckConstraint("type IN ('basic', 'als', 'isolation', 'special')", name=op.f("ck_units_type")),
        sa.CheckConstraint("height_cm BETWEEN 100 AND 500", name=op.f("ck_units_height_cm")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_units_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_units_lon")),
        sa.CheckConstraint("num_nonnulls(lat, lon, position_at) IN (0, 3)", name=op.f("ck_units_position")),
        sa.CheckConstraint("weight_kg BETWEEN 300 AND 60000", name=op.f("ck_units_weight_kg")),
        sa.CheckConstraint("width_cm BETWEEN 100 AND 400", name=op.f("ck_units_width_cm")),
        sa.ForeignKeyConstraint(
            ["region", "station_id"],
            ["stations.region", "stations.id"],
            name=op.f("fk_units_region_station_id_stations"),
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.name"], name=op.f("fk_units_region_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("region", "call_sign", name=op.f("uq_units_region_call_sign")),
    )
    op.create_index("ix_units_region_station_id", "units", ["region", "station_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_units_region_station_id", table_name="units")
    op.drop_table("units")
    op.drop_table("zones")
    op.drop_table("stations")
    op.drop_table("own_places")
    op.drop_table("hospitals")
    op.drop_index(op.f("ix_closures_region"), table_name="closures")
    op.drop_index("ix_closures_in_force", table_name="closures", postgresql_where=sa.text("lifted_at IS NULL"))
    op.drop_table("closures")
    op.drop_table("regions")
