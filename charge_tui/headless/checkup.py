"""What ``doctor`` finds without the network: files, terminal, time zone, versions. Each finding says what to do."""

import os
import platform
import stat
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

from charge_tui import __version__
from charge_tui.config.file import ConfigFile
from charge_tui.config.paths import Paths
from charge_tui.config.settings import Settings
from charge_tui.config.terminal import STDERR, colours, over_ssh, why_no_screen
from charge_tui.domain.times import zone_word
from charge_tui.records import dataclass

State = Literal["ok", "warn", "bad"]

_PACKAGES: Final = ("textual", "httpx", "pydantic", "platformdirs", "starlette", "uvicorn")
_SMALLEST: Final = (60, 16)
_DESIGNED: Final = (80, 24)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what came of it, and what to do where it is not well."""

    topic: str
    name: str
    state: State
    text: str
    advice: str | None = None


def file_findings(paths: Paths, file: ConfigFile | None) -> Iterator[Finding]:
    """The configuration file and the folders, with their modes."""
    if file is None:
        yield Finding("files", "config.toml", "bad", str(paths.config_file), "see the configuration above")
    elif not file.exists:
        yield Finding("files", "config.toml", "ok", f"{file.path}: there is none, defaults are in force")
    else:
        text = f"{file.path}, mode {_mode(file.path)}"
        advice = f"others may change it: chmod go-w {file.path}" if file.changeable_by_others else None
        yield Finding("files", "config.toml", "warn" if advice else "ok", text, advice)
    for name, folder in (("state", paths.state), ("cache", paths.cache), ("log", paths.log)):
        yield _folder(name, folder)


def _folder(name: str, folder: Path) -> Finding:
    try:
        exists = folder.exists()
        nearest = folder if exists else next(parent for parent in folder.parents if parent.exists())
        usable = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    except OSError as fault:
        return Finding("files", name, "bad", f"{folder}: {fault.strerror or fault}", "make its parents readable to you")
    if not usable:
        what = f"{folder} cannot be written to" if exists else f"{folder} cannot be made inside {nearest}"
        return Finding("files", name, "bad", what, f"make {nearest} writable, or set XDG_{name.upper()}_HOME")
    if not exists:
        return Finding("files", name, "ok", f"{folder}: will be made")
    text = f"{folder}, mode {_mode(folder)}"
    if folder.stat().st_mode & 0o077:
        return Finding("files", name, "warn", text, "others can look into it; the desk will set 0700 when it starts")
    return Finding("files", name, "ok", text)


def _mode(path: Path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):04o}"


def terminal_findings(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What the desk would be drawn on."""
    kind = environment.get("TERM", "")
    if problem := why_no_screen(environment):
        yield Finding("terminal", "screen", "warn", f"TERM={kind}", problem)
    else:
        colour = "none (NO_COLOR)" if environment.get("NO_COLOR") else colours(environment)
        yield Finding("terminal", "screen", "ok", f"TERM={kind}, colours: {colour}")
    if os.isatty(STDERR):
        yield _size()
    encoding = (sys.stderr.encoding or "unknown").lower() if sys.stderr else "unknown"
    if encoding.replace("-", "") == "utf8":
        yield Finding("terminal", "characters", "ok", "UTF-8")
    else:
        yield Finding("terminal", "characters", "warn", encoding, "use a UTF-8 locale, or start with --ascii")
    if environment.get("TMUX"):
        advice = "copying reaches the outer terminal after: tmux set -s set-clipboard on"
        yield Finding("terminal", "multiplexer", "ok", "tmux", advice)
    elif environment.get("STY"):
        yield Finding("terminal", "multiplexer", "ok", "screen", "copying does not reach the outer terminal")
    if over_ssh(environment):
        inside = environment.get("TMUX") or environment.get("STY")
        hint = None if inside else "start the desk inside tmux, and it outlives the connection"
        yield Finding("terminal", "connection", "ok", "SSH: animations are off", hint)


def _size() -> Finding:
    size = os.get_terminal_size(STDERR)
    text = f"{size.columns}x{size.lines}"
    if size.columns < _SMALLEST[0] or size.lines < _SMALLEST[1]:
        return Finding("terminal", "size", "warn", text, "the desk needs 60x16, and shows everything from 80x24")
    if size.columns < _DESIGNED[0] or size.lines < _DESIGNED[1]:
        return Finding("terminal", "size", "ok", text, "everything is shown from 80x24")
    return Finding("terminal", "size", "ok", text)


def zone_finding(settings: Settings) -> Finding:
    """The time zone that times are shown in, and what it says now."""
    from charge_tui.clock import SystemClock

    zone, now = settings.zone, SystemClock().now()
    named = getattr(zone, "key", None)
    text = f"{settings.time_zone}: {now.astimezone(zone):%Y-%m-%d %H:%M} {zone_word(now, zone)}"
    if named is None and settings.time_zone == "local" and zone_word(now, zone) != "UTC":
        return Finding("time", "zone", "warn", text, 'its DST rules are not known here; set time_zone = "Area/City"')
    return Finding("time", "zone", "ok", text)


def version_findings() -> Iterator[Finding]:
    """The program, its Python, and what it is built on."""
    yield Finding("versions", "charge-tui", "ok", f"{__version__}, {Path(__file__).resolve().parent.parent}")
    yield Finding("versions", "python", "ok", f"{platform.python_version()}, {sys.executable}")
    for package in _PACKAGES:
        try:
            yield Finding("versions", package, "ok", version(package))
        except PackageNotFoundError:
            yield Finding("versions", package, "bad", "is not installed", "install charge-tui again")
