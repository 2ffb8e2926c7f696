"""All tables in one place, for Alembic. Each feature's tables.py is imported here."""

from dispatch.accounts import tables as accounts
from dispatch.cards import tables as cards
from dispatch.charting import tables as charting
from dispatch.dispatching import tables as dispatching
from dispatch.ecmo import tables_adverse as ecmo_adverse
from dispatch.ecmo import tables_after as ecmo_after
from dispatch.ecmo import tables_alerting as ecmo_alerting
from dispatch.ecmo import tables_case as ecmo_case
from dispatch.ecmo import tables_diversion as ecmo_diversion
from dispatch.ecmo import tables_journey as ecmo_journey
from dispatch.ecmo import tables_kit as ecmo_kit
from dispatch.ecmo import tables_missions as ecmo_missions
from dispatch.ecmo import tables_offers as ecmo_offers
from dispatch.ecmo import tables_plans as ecmo_plans
from dispatch.ecmo import tables_requests as ecmo_requests
from dispatch.handover import tables as handover
from dispatch.hospitals import tables as hospitals
from dispatch.hospitals import tables_status as hospitals_status
from dispatch.incidents import tables as incidents
from dispatch.kernel import journal_table as journal
from dispatch.kernel.db import metadata
from dispatch.messages import tables as messages
from dispatch.orders import tables as orders
from dispatch.pictures import tables as pictures
from dispatch.receiving import tables as receiving
from dispatch.receiving import tables_outcomes as receiving_outcomes
from dispatch.receiving import tables_prealerts as receiving_prealerts
from dispatch.receiving import tables_preparation as receiving_preparation
from dispatch.receiving import tables_receptions as receiving_receptions
from dispatch.receiving import tables_registrations as receiving_registrations
from dispatch.receiving import tables_teams as receiving_teams
from dispatch.reports.exporting import tables as scheduled_reports
from dispatch.roads import tables as roads
from dispatch.roads import tables_people as roads_people
from dispatch.telemetry import tables as telemetry
from dispatch.telemetry.detection import tables as detection
from dispatch.telemetry.detection import tables_circuits as detection_circuits
from dispatch.telemetry.detection import tables_unlooked as detection_unlooked
from dispatch.units import tables as units
from dispatch.units import tables_crew as units_crew
from dispatch.units import tables_duty as units_duty
from dispatch.units import tables_position as units_position

__all__ = [
    "accounts",
    "cards",
    "charting",
    "detection",
    "detection_circuits",
    "detection_unlooked",
    "dispatching",
    "ecmo_adverse",
    "ecmo_after",
    "ecmo_alerting",
    "ecmo_case",
    "ecmo_diversion",
    "ecmo_journey",
    "ecmo_kit",
    "ecmo_missions",
    "ecmo_offers",
    "ecmo_plans",
    "ecmo_requests",
    "handover",
    "hospitals",
    "hospitals_status",
    "incidents",
    "journal",
    "messages",
    "metadata",
    "orders",
    "pictures",
    "receiving",
    "receiving_outcomes",
    "receiving_prealerts",
    "receiving_preparation",
    "receiving_receptions",
    "receiving_registrations",
    "receiving_teams",
    "roads",
    "roads_people",
    "scheduled_reports",
    "telemetry",
    "units",
    "units_crew",
    "units_duty",
    "units_position",
]
