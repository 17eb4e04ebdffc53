"""What goes wrong in a simulated day, drawn from its seed: spells of composed faults with calm between them."""

from dataclasses import dataclass
from random import Random
from typing import Final

_STATUSES: Final = ("400", "401", "403", "404", "409", "422", "429", "500", "502", "503", "504")
_PLAIN: Final = (
    "reset", "half", "lost", "redirect", "foreign-next", "loop-next", "empty-next", "hostile", "odd", "html",
)  # fmt: skip
_CUTS: Final = ("refused", "dns", "tls", "silent")
_FILES: Final = ("journal.sqlite", "desk.sqlite", "picture.sqlite")
_FLAWS: Final = ("full", "read-only", "locked")

READINGS: Final = {
    "metadata-update": ("merge", "replace"),
    "metadata-empty-string": ("keep", "remove"),
    "null-limits": ("clear", "keep"),
    "omitted": ("keep", "reset"),
    "overlap": ("accept", "reject"),
    "confirm-failure-status": ("200", "402"),
    "late-cancel": ("fee", "refuse"),
    "create-status": ("200", "201"),
    "wrong-state": ("409", "400"),
    "end-lag": ("none", "30m"),
    "expires-from": ("confirmed", "both"),
    "page-life": ("endless", "1h"),
    "page-refusal": ("400", "404"),
    "idempotency-failures": ("forget", "remember"),
    "idempotency-concurrent": ("wait", "409"),
    "replay-marker": ("none", "header"),
    "rate-limit": ("off", "off", "off", "60"),
    "retry-after": ("seconds", "date", "none"),
    "date-header": ("on", "on", "on", "off"),
    "request-id-header": ("on", "off"),
}
"""What the API may turn out to be, as far as it matters here: each day has a world of its own."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of bad weather. Seconds."""

    calm: float
    """What comes before it."""
    lasts: float
    faults: tuple[str, ...] = ()
    cut: str = ""
    lag: float = 0.0
    flaws: tuple[tuple[str, str], ...] = ()
    doze: float = 0.0
    """Somewhere within it the machine sleeps that long."""
    clock: float = 0.0
    """Somewhere within it the wall's clock is put on that much."""
    kill: str = ""
    """steps, moment or quit: the desk ends somewhere within it."""
    away: float = 0.0
    """Seconds until it is started again."""

    def words(self) -> str:
        """The spell in a line of the diary."""
        parts = [*self.faults, self.cut and f"net {self.cut}", self.lag and f"lag {self.lag:.1f}"]
        parts += [f"{name} {flaw}" for name, flaw in self.flaws]
        parts += [self.doze and f"doze {self.doze:.0f}", self.clock and f"clock {self.clock:+.0f}", self.kill]
        return ", ".join(str(part) for part in parts if part)


def readings(rng: Random) -> dict[str, str]:
    """How the API of a day behaves where its documentation says nothing: mostly as by default."""
    return {name: rng.choice(values) for name, values in READINGS.items() if rng.random() < 0.4}


def spell(rng: Random) -> Spell:
    """The next stretch."""
    lasts = min(7200.0, rng.lognormvariate(5.0, 1.4))
    kinds = rng.choices(("faults", "cut", "lag", "disk", "doze", "clock", "kill"), (8, 3, 2, 3, 2, 2, 4), k=3)
    had = set(kinds[: rng.choice((1, 1, 2, 3))])
    return Spell(
        calm=rng.uniform(60.0, 3000.0),
        lasts=lasts,
        faults=tuple(fault(rng) for _ in range(rng.choice((1, 1, 2, 3)))) if "faults" in had else (),
        cut=rng.choice(_CUTS) if "cut" in had else "",
        lag=rng.choice((2.0, 6.0, 20.0)) if "lag" in had else 0.0,
        flaws=_flaws(rng) if "disk" in had else (),
        doze=rng.choice((30.0, 600.0, 3600.0, 8 * 3600.0, 40 * 3600.0)) if "doze" in had else 0.0,
        clock=rng.choice((-7200.0, -400.0, -30.0, 8.0, 300.0, 3600.0, 30 * 3600.0)) if "clock" in had else 0.0,
        kill=rng.choice(("steps", "steps", "moment", "quit")) if "kill" in had else "",
        away=rng.choice((0.0, 5.0, 300.0, 7200.0)),
    )


def fault(rng: Random) -> str:
    """One fault of the sandbox with its terms."""
    kind = rng.choice((*_STATUSES, *_PLAIN, *_PLAIN, "latency", "hang", "lost", "429:", "503:", "skew", "huge"))
    if kind in ("latency", "hang"):
        kind = f"{kind}:{rng.choice((1, 5, 14, 40, 400))}"
    elif kind.endswith(":"):
        kind += str(rng.choice((1, 20, 120, 600, 1800)))
    elif kind == "skew":
        kind += f":{rng.choice((-600, -40, 45, 600))}"
    terms = [f"p={rng.choice((0.05, 0.1, 0.3, 0.6))}"] if rng.random() < 0.7 or kind == "huge" else []
    if rng.random() < 0.4:
        terms.append(f"method={rng.choice(('GET', 'POST'))}")
    if rng.random() < 0.2:
        terms.append("path=/v1/reservations/*")
    if rng.random() < 0.1:
        terms.append(f"count={rng.choice((1, 2, 9))}")
    return kind + ("@" + ",".join(terms) if terms else "")


def _flaws(rng: Random) -> tuple[tuple[str, str], ...]:
    flaw = rng.choice(_FLAWS)
    names = _FILES if rng.random() < 0.3 else (rng.choice(_FILES),)
    return tuple((name, flaw) for name in names)
