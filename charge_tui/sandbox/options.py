"""How a sandbox is set up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from charge_tui.sandbox.faults import parse_fault
from charge_tui.sandbox.readings import Readings

MOST_RESERVATIONS: Final = 100_000
MOST_OPEN: Final = 5_000
FASTEST: Final = 100_000.0

_KEY: Final = re.compile(r"ch_sk_test_[A-Za-z0-9_]+")


@dataclass(frozen=True)
class SandboxOptions:
    """What a sandbox is made from; the same options with the same start give the same world, byte for byte.

    ``open`` is how many reservations are open at the start and are held open by new ones arriving (default: a quarter
    of all, at most 5,000). ``speed`` is world seconds per real second; at 0 the world stands until it is advanced.
    ``start`` is the world's time at the start, the clock's now by default. ``db`` keeps the world in a file, which is
    taken up again when it exists: then seed, start and size are those of the file. ``traffic`` False stops new
    reservations and other desks, never the lifecycle. ``trouble`` False spares the world's own reservations late or
    forgotten confirmations, wrong windows and odd failures; connectors may still be taken and cards declined.

    Raises:
        ValueError: an option out of range, a live key, a bad fault or reading; the text is one sentence.
    """

    seed: int = 7
    reservations: int = 600
    open: int | None = None
    speed: float = 1.0
    start: datetime | None = None
    db: Path | str | None = None
    faults: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    key: str | None = field(default=None, repr=False)
    traffic: bool = True
    trouble: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.reservations <= MOST_RESERVATIONS:
            raise ValueError(f"reservations must be 0 to {MOST_RESERVATIONS}, not {self.reservations}")
        if self.open is not None and not 0 <= self.open <= min(self.reservations, MOST_RESERVATIONS):
            raise ValueError(f"open must be 0 to the number of reservations ({self.reservations}), not {self.open}")
        if not 0 <= self.speed <= FASTEST:
            raise ValueError(f"speed must be 0 to {FASTEST:.0f}, not {self.speed}")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port must be 0 to 65535, not {self.port}")
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("start needs a time zone, as in 2026-04-01T01:00:00Z")
        if self.start is not None and not 2001 <= self.start.year <= 2150:
            raise ValueError("start must lie in the years 2001 to 2150")
        if self.key is not None:
            check_key(self.key)
        Readings(self.readings)
        for spec in self.faults:
            parse_fault(spec)

    @property
    def open_target(self) -> int:
        """How many reservations the world holds open."""
        return min(MOST_OPEN, round(self.reservations / 4)) if self.open is None else self.open


def check_key(key: str) -> None:
    """Take a test key, refuse any other without repeating it.

    Raises:
        ValueError: a live key, or not the form of a key.
    """
    if key.startswith("ch_sk_live_"):
        raise ValueError("a live key is never given to a sandbox: use a test key (ch_sk_test_...)")
    if not _KEY.fullmatch(key):
        raise ValueError("a sandbox key is ch_sk_test_ and letters, digits or underscores")
