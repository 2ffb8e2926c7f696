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

POPULATION = LazyGroup(
    name="population",
    help="How many people live where, for figures of coverage.\n\n"
    "\b\nExample:\n  tarim population import cells.csv --source '2020 census, 1 km grid'",
    table={
        "import": ("api.cli.population:import_", "Bring in people by small cells (.csv, .xlsx)."),
        "show": ("api.cli.population:show", "Show what is known."),
    },
)

DB = LazyGroup(
    name="db",
    help="The database: its schema, backups, restoring.\n\n\b\nExample:\n  tarim db backup tarim.dump",
    table={
        "upgrade": ("api.cli.db:upgrade", "Bring the schema up to date."),
        "backup": ("api.cli.db:backup", "Write the whole database to a file."),
        "sql": ("api.cli.db:sql", "Open psql on it as the owner, or run a statement."),
        "restore": ("api.cli.db:restore", "Put a backup back in place of what is there."),
    },
)

JOURNAL = LazyGroup(
    name="journal",
    help="The record of what happened: is it whole, what does it say.\n\n\b\nExample:\n  tarim journal verify",
    table={
        "verify": ("api.cli.journal:verify", "Check that nothing was changed, left out or cut off."),
        "show": ("api.cli.journal:show", "Show lines of the journal."),
    },
)

PEOPLE = LazyGroup(
    name="people",
    help="Organisations and people: who may log in, and what each may do.\n\n"
    "\b\nExample:\n  tarim people add wang.fang --organisation aksu-prefecture --role dispatcher",
    table={
        "add": ("api.cli.people:add", "Add a person with roles and a password."),
        "password": ("api.cli.people:password", "Set a person's password."),
        "list": ("api.cli.people:list_", "List people and their roles."),
        "revoke": ("api.cli.people:revoke", "End an account for good."),
        "organisation": ("api.cli.people:organisation", "Add an organisation, or list them."),
    },
)

DEVICE = LazyGroup(
    name="device",
    help="Devices: the tokens of vehicles and telephone exchanges.\n\n\b\nExample:\n  tarim device add 阿-07",
    table={
        "add": ("api.cli.device:add", "Give a device its token, shown once."),
        "revoke": ("api.cli.device:revoke", "Take a device's token back."),
        "list": ("api.cli.device:list_", "List devices."),
    },
)

VEHICLE = LazyGroup(
    name="vehicle",
    help="A vehicle's own side: send what is measured on board, or replay recordings as a vehicle.\n\n"
    "\b\nExample:\n  tarim vehicle replay --unit 阿-07 --ecg s0010_re",
    table={
        "run": ("api.cli.vehicle:run", "Send what devices measure, told on standard input."),
        "replay": ("api.cli.vehicle_replay:replay", "Play recordings as a vehicle sends them."),
    },
)

ECMO = LazyGroup(
    name="ecmo",
    help="ECMO transfers, rehearsed.\n\n\b\nExample:\n  tarim ecmo rehearse --speed 40",
    table={"rehearse": ("api.cli.ecmo_rehearse:rehearse", "Play the vehicle of a mission, its patient and circuit.")},
)

RUN = LazyGroup(
    name="run",
    help="Patients' runs, taken out.\n\n"
    "\b\nExample:\n  tarim run export 2026-000417 --region aksu --format wfdb --reason archive -o ecg.zip",
    table={"export": ("api.cli.run_export:export", "Write a run as PDF, FHIR, HL7 aECG or WFDB.")},
)

CARDS = LazyGroup(
    name="cards",
    help="Complaint cards: the questions of call taking and their rules.\n\n"
    "\b\nExample:\n  tarim cards export cards.toml",
    table={
        "export": ("api.cli.cards:export", "Write the cards to a file, to be edited."),
        "check": ("api.cli.cards:check", "Say what is wrong with a file of cards."),
        "import": ("api.cli.cards:import_", "Make a file of cards the region's."),
    },
)

RECORDS = LazyGroup(
    name="records",
    help="Records of other services, beside what the journal tells.\n\n"
    "\b\nExample:\n  tarim records import calls.csv --mapping san-francisco-fire",
    table={
        "import": ("api.cli.records:import_", "Bring in records from CSV, XLSX or Parquet."),
        "list": ("api.cli.records:list_", "List what was imported, and the mappings that ship."),
        "drop": ("api.cli.records:drop", "Take an import out again."),
    },
)

TLS = LazyGroup(
    name="tls",
    help="Certificates.\n\n\b\nExample:\n  tarim tls self-signed dispatch.lan 192.168.10.5",
    table={"self-signed": ("api.cli.tls:self_signed_", "Make a certificate for a network without internet.")},
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
        "call": ("api.cli.call:call", "Take a call and rank the vehicles for it, for drills."),
        "erase": ("api.cli.erase:erase", "Erase personal values by law."),
        "report": ("api.cli.report:report", "Write figures or records of a period as a file."),
        "simulate": ("api.cli.simulate:simulate", "Play a simulated day against a running demo."),
    },
)
for _group in (REGION, ROADS, POPULATION, CARDS, PEOPLE, DEVICE, VEHICLE, ECMO, RUN, RECORDS, JOURNAL, DB, TLS):
    tarim.add_command(_group)
