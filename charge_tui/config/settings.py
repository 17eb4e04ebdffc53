"""The settings as the rest of the program sees them: plain values, and where each of them came from."""

import getpass
from collections.abc import Mapping
from dataclasses import field
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from charge_tui.config.file import ConfigFile, Key
from charge_tui.config.zone import zone
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.text import safe
from charge_tui.records import dataclass

DEFAULT_BASE_URL: Final = "https://api.chargeapi.co/v1"
THEMES: Final = ("charge-dark", "charge-light", "charge-contrast", "charge-ansi")
VIEWS: Final = ("attention", "all", "pending", "confirmed", "completed", "cancelled", "failed", "expired")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


class Source(NamedTuple):
    """Where a value came from."""

    name: str
    """"default", an environment variable, an option, or the name of the file."""
    file: ConfigFile | None = None
    key: Key = ()

    @property
    def where(self) -> str:
        """The place that a complaint names: the file's whole path, the option or the variable."""
        return str(self.file.path) if self.file else self.name

    @property
    def line(self) -> int | None:
        """The line of the file, None for every other source."""
        return self.file.line(self.key) if self.file else None

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        table = f" [profile.{self.key[1]}]" if self.key[:1] == ("profile",) and len(self.key) > 2 else ""
        return f"{self.name}{line}{table}"


DEFAULT: Final = Source("default")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, checked, with defaults for all of it.

    ``source("refresh")`` tells where a value came from, ``source("attention.lead")`` the same of one in a table.
    Secrets are not among the values, only where to find them.
    """

    profile: str | None = None
    base_url: str = DEFAULT_BASE_URL
    api_key_command: tuple[str, ...] | None = None
    """A command that prints the key, as a list of arguments. At most one of this and ``api_key_file`` is set."""
    api_key_file: Path | None = None
    time_zone: str = "local"
    """"local" or an IANA name; ``zone`` is what it stands for."""
    refresh: float = 15.0
    """Seconds between two looks at the API; 0 means only when asked."""
    page_size: int = 50
    """Reservations on a page of the API, 1 to 100."""
    theme: str = "charge-dark"
    view: str = "attention"
    """The view that the desk opens with."""
    read_only: bool = False
    write: bool = False
    """Whether writing was asked for outright; never together with ``read_only``."""
    ascii: bool = False
    mouse: bool = True
    budget: int = 60
    """Requests a minute that planned polling may use."""
    horizon: float = 24.0
    """Hours that the closed statuses are looked back over at a start."""
    operator: str | None = None
    """Who is at the desk; None stands for the login name."""
    replaces: bool = True
    """Whether a reservation that is booked again names the old one in its metadata, as ``replaces``."""
    journal_days: float = 365.0
    """Days that settled entries of the journal are kept."""
    journal_megabytes: float = 50.0
    """Megabytes above which the oldest settled entries go."""
    attention: Thresholds = field(default_factory=Thresholds)
    """The numbers of the findings, and which findings are off."""
    bell: bool = False
    """Whether the terminal's bell rings for a new critical finding."""
    notify: bool = False
    """Whether the terminal is asked to notify of a new critical finding (OSC 9 and 777)."""
    log_days: float = 90.0
    """Days that the log of changes is kept."""
    log_megabytes: float = 50.0
    """Megabytes above which the oldest entries of the log go."""
    tls_ca: Path | None = None
    """Certificates to trust instead of the system's, as one PEM file."""
    charge_version: str | None = None
    """The Charge-Version header, None for the account's own [docs]."""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """A key by command id, for the commands that are not left on their own keys."""
    log_level: str = "info"
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    """Where each value came from, by name; a name that is absent has its default."""

    def source(self, name: str) -> Source:
        """Where a value came from; for one remapped key, ask for ``keys.COMMAND``, for a number ``attention.NAME``.

        Raises:
            KeyError: there is no such setting.
        """
        if name in self.sources:
            return self.sources[name]
        setting, _, entry = name.partition(".")
        if setting == "attention" and entry in Thresholds.__slots__:
            return DEFAULT
        if setting not in Settings.__slots__ or (entry and (setting != "keys" or entry not in self.keys)):
            raise KeyError(name)
        return self.sources.get(setting, DEFAULT)

    @property
    def operator_name(self) -> str:
        """Who is at the desk: the setting, else the login name."""
        if self.operator:
            return self.operator
        try:
            return safe(getpass.getuser(), 64)
        except (OSError, KeyError):  # a user id without a name, as in some containers
            return "unknown"

    @property
    def zone(self) -> tzinfo:
        """The time zone that times are shown in."""
        return zone(self.time_zone)
