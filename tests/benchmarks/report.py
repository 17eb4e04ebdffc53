"""A figure beside its floor and its aim, and the table of all of them."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

_HEAD: Final = ("what", "figure", "floor", "x floor", "aim", "")


@dataclass(frozen=True)
class Row:
    """One figure. An aim is in the figure's unit, or with ``per_floor`` in multiples of the floor; None: only shown."""

    name: str
    """Of the benchmark that it belongs to."""
    what: str
    figure: float
    unit: str = "ms"
    floor: str = ""
    """What the floor is; empty where there is none."""
    floor_figure: float | None = None
    aim: float | None = None
    per_floor: bool = False
    spread: tuple[float, ...] = ()
    """The ratio of each round, or its figure where there is no floor."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor: the median of the rounds, each of which has a floor of its own."""
        if self.floor_figure is None:
            return None
        if self.spread:
            return statistics.median(self.spread)
        return self.figure / self.floor_figure if self.floor_figure else None

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None without one."""
        reached = self.ratio if self.per_floor else self.figure
        return None if self.aim is None or reached is None else reached <= self.aim

    def document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


def compared(name: str, what: str, figures: Sequence[float], floors: Sequence[float], floor: str, **more: Any) -> Row:
    """A row of rounds in which figure and floor were measured one after the other; the aim is in floors."""
    ratios = tuple(round(one / other, 3) for one, other in zip(figures, floors, strict=True) if other)
    return Row(
        name, what, statistics.median(figures), floor=floor, floor_figure=statistics.median(floors), per_floor=True,
        spread=ratios, **more,
    )  # fmt: skip


def several(name: str, what: str, figures: Sequence[float], **more: Any) -> Row:
    """A row of rounds without a floor."""
    return Row(name, what, statistics.median(figures), spread=tuple(round(one, 3) for one in figures), **more)


def table(rows: Iterable[Row]) -> str:
    """The rows as text, the names of the floors and the notes below them by number."""
    lines, notes = [_HEAD], dict[str, int]()
    for row in rows:
        mark = "".join(f" [{notes.setdefault(one, len(notes) + 1)}]" for one in (row.note,) if one)
        aim = "" if row.aim is None else f"{row.aim:g}x" if row.per_floor else f"{row.aim:g} {row.unit}"
        floor = "" if row.floor_figure is None else f"{number(row.floor_figure)} {row.floor}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        verdict = {True: "met", False: "MISSED", None: ""}[row.met]
        lines.append((row.what + mark, f"{number(row.figure)} {row.unit}", floor, ratio, aim, verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    told = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*told, *(f"[{at}] {note}" for note, at in notes.items())])


def number(value: float) -> str:
    """With as many digits as tell something."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    return f"{value:,.{digits}f}"
