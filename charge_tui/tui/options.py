"""What the screen needs to know besides the desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import tzinfo
from pathlib import Path
from types import MappingProxyType

from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """The settings as far as they concern the screen."""

    mode: str
    """The account's mode as a word: TEST, PRODUCTION, DEMO."""
    host: str
    zone: tzinfo
    zone_name: str = "local"
    theme: str = "charge-dark"
    view: str = "attention"
    ascii: bool = False
    mouse: bool = True
    refresh: float = 15.0
    """Seconds between two reads of a page that the server gives; 0 reads only when asked."""
    replaces: bool = True
    """Whether a reservation that is booked again names the old one in its metadata."""
    bell: bool = False
    """Whether the terminal's bell rings for a new critical finding."""
    notify: bool = False
    """Whether the terminal is asked to notify of one."""
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keep: Callable[[float, str, Sequence[str]], None] | None = None
    """Keeps a screen for the next start: as of when (seconds since 1970), account and host, its lines as text."""
    log: Path | None = None
    """The folder for a crash report."""
    problems: tuple[str, ...] = ()
    """What is wrong with settings or folders, each in a sentence."""
