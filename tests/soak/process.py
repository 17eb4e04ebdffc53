"""What the kernel tells of a running process: memory, processor time, descriptors, connections, threads."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Load:
    """A process at one moment."""

    rss: int
    """Resident bytes."""
    cpu: float
    """Seconds of processor time since it began."""
    descriptors: int
    sockets: int
    """Those of the descriptors that are connections."""
    threads: int


def load_of(pid: int) -> Load:
    """How a process stands now.

    Raises:
        FileNotFoundError: there is none of that id.
    """
    proc = Path(f"/proc/{pid}")
    fields = (proc / "stat").read_text().rpartition(")")[2].split()
    targets = [target for one in os.listdir(proc / "fd") if (target := _target(proc / "fd" / one))]
    return Load(
        rss=int((proc / "statm").read_text().split()[1]) * _PAGE,
        cpu=(int(fields[11]) + int(fields[12])) / _TICKS,
        descriptors=len(targets),
        sockets=sum(target.startswith("socket:") for target in targets),
        threads=int(fields[17]),
    )


def slope(points: list[tuple[float, float]]) -> float:
    """By how much the second value grows with the first, by least squares; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    x, y = (sum(column) / len(points) for column in zip(*points, strict=True))
    spread = sum((at - x) ** 2 for at, _ in points)
    return sum((at - x) * (value - y) for at, value in points) / spread if spread else 0.0


def _target(path: Path) -> str:
    try:
        return os.readlink(path)
    except FileNotFoundError:  # closed since it was listed
        return ""
