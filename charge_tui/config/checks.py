"""What a value must be: one small function for each kind of setting.

Each takes a value as TOML or the command line gives it and returns it as the program uses it, or raises ``ValueError``
whose text completes "NAME ..." ("must be a whole number from 1 to 100, not 101"); a second argument names the entry
of a table that is at fault.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from charge_tui.config.redact import scrub
from charge_tui.domain.text import safe

LOCAL: Final = "local"
"""The word for the machine's own time zone."""


def told(value: object) -> str:
    """A wrong value as a complaint may repeat it: short, harmless, and without a key."""
    match value:
        case str():
            return f'"{safe(scrub(value), 60)}"'
        case bool():
            return str(value).lower()
        case int() | float():
            return safe(f"{value:.12g}") if abs(value) < 10**18 else "a number of that size"
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
    return f"a {type(value).__name__}"


def listed(words: Sequence[str]) -> str:
    """Words as an enumeration ("a, b or c")."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def nearest(word: str, words: Sequence[str]) -> str:
    """A guess at what was meant (' (did you mean "theme"?)'), or nothing."""
    close = get_close_matches(word[:60], words, 1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def one_of(*words: str) -> Callable[[object], str]:
    """One word out of a few."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise ValueError(f"must be {listed(words)}, not {told(value)}")

    return check


def whole(least: int, most: int) -> Callable[[object], int]:
    """A whole number within bounds."""

    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ValueError(f"must be a whole number from {least} to {most}, not {told(value)}")

    return check


def number(least: float, most: float, unit: str, *, zero: str | None = None) -> Callable[[object], float]:
    """A number within bounds; ``zero`` says what 0 means where it is allowed besides."""

    def check(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            if least <= value <= most:
                return float(value)
            if zero and value == 0:
                return 0.0
        also = f"0 ({zero}) or " if zero else ""
        raise ValueError(f"must be {also}a number of {unit} from {least:g} to {most:g}, not {told(value)}")

    return check


def flag(value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise ValueError(f"must be true or false, not {told(value)}")


def short_text(value: object) -> str:
    """One line of at most 64 characters that a terminal can show as it is."""
    if isinstance(value, str) and 0 < len(value.strip()) <= 64 and safe(value) == value:
        return value.strip()
    raise ValueError(f"must be one line of 1 to 64 characters, not {told(value)}")


def date_text(value: object) -> str:
    """A date as the Charge-Version header has it."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return value
    raise ValueError(f'must be a date in quotes such as "2026-03-01", not {told(value)}')


def file_path(value: object) -> Path:
    """A path; ``~`` is the home folder."""
    if isinstance(value, str) and value and "\0" not in value and len(value) < 4096:
        try:
            return Path(value).expanduser()
        except RuntimeError as fault:
            raise ValueError(f"must name a home folder that exists, not {told(value)}") from fault
    raise ValueError(f"must be the path of a file, not {told(value)}")


def argument_list(value: object) -> tuple[str, ...]:
    """A command as a list of its arguments; no shell ever reads it."""
    parts = value if isinstance(value, list | tuple) else ()
    if parts and parts[0] and all(isinstance(part, str) and "\0" not in part for part in parts):
        return tuple(parts)
    raise ValueError(f'must be a list of arguments such as ["pass", "show", "charge"], not {told(value)}')


def keymap(value: object) -> dict[str, str]:
    """A key for each command id that is given one."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a table of keys by command id, not {told(value)}")
    for command, key in value.items():
        if not isinstance(key, str) or not re.fullmatch(r"[!-~]{1,40}", key):
            raise ValueError(f'must be a key such as "ctrl+r", not {told(key)}', command)
    return dict(value)


def time_zone(value: object) -> str:
    """ "local" or the name of an IANA time zone that this machine knows."""
    if value == LOCAL:
        return LOCAL
    if isinstance(value, str) and value:
        try:
            return ZoneInfo(value).key
        except (OSError, ValueError, KeyError):
            pass
    raise ValueError(f'must be "local" or an IANA name such as "Europe/Paris", not {told(value)}')


def is_loopback(host: str) -> bool:
    """Whether a host can only be this machine: ``localhost`` or a loopback address, whatever DNS may say of others."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url(value: object) -> str:
    """The address of the API, without a slash at its end; plain http to this machine alone [docs: HTTPS only]."""
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]{1,2000}", value):
        raise ValueError(f"must be an address such as https://api.chargeapi.co/v1, not {told(value)}")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as fault:
        raise ValueError(f"must be an address such as https://api.chargeapi.co/v1, not {told(value)}") from fault
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError(f"must begin with https:// and name a host, not {told(value)}")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user name or password")
    if parts.query or parts.fragment or value[-1] in "?#":
        raise ValueError("must have neither a query nor a fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"must begin with https:// (plain http would show the key to the network), not {told(value)}")
    return value.rstrip("/")


Check = Callable[[object], Any]
