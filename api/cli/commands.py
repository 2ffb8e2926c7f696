"""The table of all commands."""

from __future__ import annotations

import importlib.metadata

import click

from api.cli.lazy import LazyGroup

ROADS = LazyGroup(
    name="roads",
    help="Road networks: bring one in, ask it, close roads.\n\n"
    "\b\nExample:\n  tarim roads import aksu.osm.pbf --region aksu",
    table={
        "import": ("api.cli.roads_import:import_", "Read a road file (.osm.pbf, .osm, .graphml) into a region."),
        "download": ("api.cli.roads_download:download", "Fetch roads from OpenStreetMap, where there is internet."),
        "info": ("api.cli.roads_info:info", "Show what a region's road network holds."),
        "export": ("api.cli.roads_info:export", "Write the network as a GraphML file."),
        "nearest": ("api.cli.roads_ask:nearest", "Rank vehicles by road time to a place."),
        "route": ("api.cli.roads_ask:route", "Show the quickest way between two places."),
        "close": ("api.cli.roads_close:close", "Close or slow down roads for a time."),
        "open": ("api.cli.roads_close:open_", "Lift closures."),
    },
)

REGION = LazyGroup(
    name="region",
    help="Regions: make one, fill it, look at it.\n\n\b\nExample:\n  tarim region new porto --roads porto.osm.pbf",
    table={
        "new": ("api.cli.region:new", "Make a region, with its roads if wanted."),
        "import": ("api.cli.region_import:import_", "Bring in stations, units, hospitals, places or zones."),
        "list": ("api.cli.region:list_", "List the regions of this database."),
        "show": ("api.cli.region:show", "Show one region."),
    },
)

DB = LazyGroup(
    name="db",
    help="The database: its schema, backups, restoring.\n\n\b\nExample:\n  tarim db backup tarim.dump",
    table={
        "upgrade": ("api.cli.db:upgrade", "Bring the schema up to date."),
        "backup": ("api.cli.db:backup", "Write the whole database to a file."),
        "restore": ("api.cli.db:restore", "Put a backup back in place of what is there."),
    },
)


def _show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"tarim {importlib.metadata.version('tarim')}")
        ctx.exit()


tarim = LazyGroup(
    name="tarim",
    help=(
        "Emergency dispatch and ECMO transfer coordination on true road times.\n\n"
        "\b\nExample:\n  tarim demo\n\n"
        "\b\nSettings come from TARIM_* variables or the TOML file that TARIM_CONFIG names."
    ),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version.",
        )
    ],
    table={
        "demo": ("api.cli.demo:demo", "Start everything with the built-in region, for a first look."),
        "serve": ("api.cli.serve:serve", "Serve a region of your own."),
    },
)
for _group in (REGION, ROADS, DB):
    tarim.add_command(_group)
