"""All settings: the environment (`TARIM_*`), over a TOML file named by `TARIM_CONFIG`, over the defaults here."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from dispatch.kernel.db import async_url
from dispatch.kernel.errors import Invalid

_PREFIX = "TARIM_"
_CONFIG = "TARIM_CONFIG"
TELEMETRY_DAYS = {"vitals": 5_475, "ecg": 5_475, "waves": 365, "image": 5_475, "event": 5_475, "ecmo": 5_475}
_ORIGIN = re.compile(r"https?://[^/\s@?#]+")


class Settings(BaseSettings):
    """What can be set. In the environment: the name in capitals after `TARIM_`; in the TOML file: the plain name."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(Path("~/.local/share/tarim"), validate_default=True)
    """Folder of everything Tarim keeps: the embedded database, road networks, caches."""
    database_url: str | None = Field(None, repr=False)
    """An own PostgreSQL 15–18: postgresql://USER:PASSWORD@HOST:5432/DATABASE. None: the embedded one."""
    region: str = Field("aksu", pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    """The region that the service serves."""
    host: str = Field("127.0.0.1", min_length=1)
    """Address to listen on."""
    port: int = Field(8000, ge=0, le=65_535)
    """Port to listen on; 0 takes any free one."""
    off_road_m: float = Field(2_000.0, gt=0, allow_inf_nan=False)
    """A point further than this from any road is "off road"; metres."""
    walking_speed_mps: float = Field(1.2, gt=0, allow_inf_nan=False)
    """Speed over the straight remainder between road and place; metres per second."""
    detour_factor: float = Field(1.4, ge=1, allow_inf_nan=False)
    """Road length divided by straight line, for estimates where no road answer can be had."""
    estimate_speed_mps: float = Field(11.0, gt=0, allow_inf_nan=False)
    """Speed on such an estimated road; metres per second (11.0 is about 40 km/h)."""
    dispatching_figures: Path | None = None
    """TOML file with figures in place of those that ship, by the names that they have there: of choosing and sending
    (`dispatch/dispatching/dispatching.toml`: how many are shown, mobilisation, ranges of ETAs, seconds to undo and to
    acknowledge), of units on duty (`dispatch/units/duty.toml`: when a position is out of date, tolerance of clocks, how
    long a unit is out of service), and of calling back (`dispatch/incidents/calls.toml`: the pauses)."""
    hospitals_figures: Path | None = None
    """TOML file with figures in place of those of `dispatch/hospitals/hospitals.toml`: how long a diversion lasts, when
    repeated ones are told."""
    receiving_figures: Path | None = None
    """TOML file with figures in place of those of `dispatch/receiving/receiving.toml`, which a medical director signs:
    what each pathway needs of a hospital, how much further away that may be, which pathway a card leads to."""
    emergency_figures: Path | None = None
    """TOML file with figures in place of those of `dispatch/receiving/emergency.toml`, which a medical director signs:
    when an unanswered pre-alert is told to the dispatch centre, the clocks of teams and
    their targets, what is prepared for a pathway, how long a crew waits with its patient before it is told."""
    reports_figures: Path | None = None
    """TOML file with further definitions of figures (`[[kpi]]`, each a later version with the day from which it counts)
    and target sets (`[sets.own]`), in the form of `dispatch/reports/definitions.toml` and `targets.toml`."""
    coverage_figures: Path | None = None
    """TOML file with figures in place of those of `dispatch/reports/coverage.toml`: within how many minutes and
    kilometres a place is covered, people for each ambulance, of single counties too."""
    report_schedules: tuple[Literal["daily", "weekly", "monthly"], ...] = ()
    """Reports that are made by themselves when their period has ended, by Beijing time: ["daily", "monthly"]. They
    stand in `TARIM_HOME/reports/REGION/` and are listed at /api/reports/scheduled. What a supervisor sets at
    /api/reports/schedules counts instead, step by step."""
    behind_proxy: str = Field("", pattern=r"^[0-9A-Fa-f:./, ]*$")
    """Addresses or networks of the proxy in front that does TLS, such as "10.0.0.5"; its word about who is asking
    (X-Forwarded-For, X-Forwarded-Proto) is believed. Empty: there is none."""
    logins: bool = True
    """Whether everything takes a login. Off, whoever sits at this machine may ask about roads, closures and vehicles
    without one; calls, patients and accounts always take it, and all does where others can reach the service: with TLS,
    or behind a proxy."""
    session_s: int = Field(46_800, ge=300, le=604_800)
    """A login ends after this long at the latest; seconds (13 h: a shift of twelve hours, and its handing over)."""
    session_idle_s: int = Field(3_600, ge=60, le=604_800)
    """A login ends when nothing was asked for this long and no live screen is open; seconds."""
    trusted_origins: tuple[str, ...] = ()
    """Further addresses whose pages may use this service: ["https://console.example"]."""
    telemetry_days: dict[str, int] = Field(default_factory=lambda: dict(TELEMETRY_DAYS))
    """Days that what vehicles send is kept, by kind; named kinds only are changed: {"waves": 30}. 15 years are what an
    emergency record is kept. Incidents that are held keep theirs."""
    tls_cert: Path | None = None
    """PEM file of the certificate, with its chain; together with `tls_key`. None: HTTP."""
    tls_key: Path | None = Field(None, validate_default=True)
    """PEM file of the certificate's private key."""

    @property
    def asks_logins(self) -> bool:
        """Whether nothing is answered without a login."""
        return self.logins or self.tls_cert is not None or bool(self.behind_proxy)

    @field_validator(
        "home",
        "tls_cert",
        "tls_key",
        "dispatching_figures",
        "hospitals_figures",
        "receiving_figures",
        "reports_figures",
        "coverage_figures",
        "emergency_figures",
    )
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().absolute()

    @field_validator("telemetry_days")
    @classmethod
    def _of_known_kinds(cls, value: dict[str, int]) -> dict[str, int]:
        if unknown := sorted(value.keys() - TELEMETRY_DAYS.keys()):
            raise ValueError(f"there is no kind {', '.join(unknown)}; there are {', '.join(sorted(TELEMETRY_DAYS))}")
        if any(days < 2 for days in value.values()):
            raise ValueError("at least 2 days are kept")
        return TELEMETRY_DAYS | value

    @field_validator("tls_key")
    @classmethod
    def _with_its_certificate(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if (value is None) != (info.data.get("tls_cert") is None):
            raise ValueError("tls_cert and tls_key go together")
        return value

    @field_validator("trusted_origins")
    @classmethod
    def _plain_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ORIGIN.fullmatch(origin) for origin in value):
            raise ValueError("an origin is https://HOST or https://HOST:PORT, without a path")
        return value

    @field_validator("database_url")
    @classmethod
    def _with_our_driver(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return async_url(value)
        except Invalid as error:
            raise ValueError(error.message) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, file."""
        del dotenv_settings, file_secret_settings
        file = os.environ.get(_CONFIG)
        sources = (init_settings, env_settings)
        return (*sources, TomlConfigSettingsSource(settings_cls, Path(file).expanduser())) if file else sources


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - pydantic checks each
    """Read the settings; `given` wins over everything. Raises Invalid (`settings.invalid`) in one plain sentence."""
    file = os.environ.get(_CONFIG)
    try:
        if file and not Path(file).expanduser().is_file():
            raise _invalid(
                f"The settings file {file} (named by {_CONFIG}) is not there.", "Correct the name or unset it."
            )
        return Settings(**given)
    except ValidationError as error:
        raise _invalid(_plain(error, file), "Correct it and start again.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid(f"The settings file {file} is not valid TOML: {error}.", "Correct it and start again.") from None
    except (OSError, RuntimeError) as error:
        raise _invalid(
            f"The settings cannot be read: {error}.", "Check the settings file and the home folder."
        ) from None


def _plain(error: ValidationError, file: str | None) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"There is no setting named {name}{f' (in {file})' if file else ''}."
    # The address of a database may hold its password: it is never repeated.
    value = "" if name == "database_url" else f" {first['input']!r}"
    reason = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"The setting {name} ({_PREFIX}{name.upper()}) has a wrong value{value}: {reason}."


def _invalid(message: str, hint: str) -> Invalid:
    return Invalid("settings.invalid", message, hint)
