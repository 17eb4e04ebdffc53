"""The machine's own time zone, with its DST rules rather than the offset of the moment."""

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

_LOCALTIME: Final = Path("/etc/localtime")


def zone(name: str) -> tzinfo:
    """The zone of an IANA name that was checked, or of "local"."""
    return local_zone() if name == "local" else ZoneInfo(name)


def local_zone(variable: str | None = None, localtime: Path = _LOCALTIME) -> tzinfo:
    """The zone that ``TZ`` names, else that of ``/etc/localtime``, else the offset of this moment.

    ``variable`` stands for the value of ``TZ``; None takes it from the environment.
    """
    named = os.environ.get("TZ") if variable is None else variable
    if named is not None:
        return _named(named.removeprefix(":")) or _offset_now()
    target = os.path.realpath(localtime)
    _, found, inside = target.partition("zoneinfo/")
    try:
        return (_named(inside) if found else None) or _from_file(localtime)
    except (OSError, ValueError):
        return _offset_now()


def _named(name: str) -> tzinfo | None:
    if not name:
        return UTC
    try:
        if name.startswith("/"):
            return _from_file(Path(name))
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def _from_file(path: Path) -> tzinfo:
    with path.open("rb") as stream:
        return ZoneInfo.from_file(stream, key="local")


def _offset_now() -> tzinfo:
    return datetime.now(UTC).astimezone().tzinfo or UTC
