"""``config.toml`` as text, as data, and as lines that a complaint can name."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from charge_tui.config.errors import SettingsError

LARGEST: Final = 64 * 1024
"""Bytes beyond which a file is not taken for a configuration."""

Key = tuple[str, ...]
"""The way to a value through the tables of the file."""

_DEEPEST: Final = 4  # profile.NAME.keys.COMMAND

_AT_LINE: Final = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file that was read and parsed; an absent one is empty."""

    path: Path
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    exists: bool = False
    changeable_by_others: bool = False
    """Whether somebody else than its owner, or an owner that is neither this user nor root, may write to it."""

    @classmethod
    def read(cls, path: Path) -> "ConfigFile":
        """Read and parse a file.

        Raises:
            SettingsError: it cannot be read, is no UTF-8 or no TOML; with the line where the text is at fault.
        """
        try:
            status, content = _read(path)
        except FileNotFoundError:
            return cls(path)
        except OSError as fault:
            raise SettingsError(f"cannot be read ({fault.strerror or fault})", str(path)) from fault
        if not stat.S_ISREG(status.st_mode):
            raise SettingsError("is not an ordinary file", str(path))
        text, data = parse(content, str(path))
        shared = bool(status.st_mode & 0o022) or status.st_uid not in (0, os.geteuid())
        return cls(path, text, data, exists=True, changeable_by_others=shared)

    def line(self, key: Key) -> int | None:
        """The line on which a key, or the first key of its table, stands; None where the file does not have it."""
        return self._lines.get(key)

    @cached_property
    def _lines(self) -> dict[Key, int]:
        return key_lines(self.text)


def _read(path: Path) -> tuple[os.stat_result, bytes]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe must not be waited for
    try:
        status = os.fstat(descriptor)
        return status, os.read(descriptor, LARGEST + 1) if stat.S_ISREG(status.st_mode) else b""
    finally:
        os.close(descriptor)


def parse(content: bytes, where: str) -> tuple[str, dict[str, Any]]:
    """The text and the data of a TOML document.

    Raises:
        SettingsError: with the line at fault.
    """
    if len(content) > LARGEST:
        raise SettingsError(f"is larger than {LARGEST // 1024} KiB", where, 1)
    try:
        text = content.decode()
    except UnicodeDecodeError as fault:
        raise SettingsError("is not UTF-8", where, content.count(b"\n", 0, fault.start) + 1) from fault
    text = text.replace("\r\n", "\n")
    try:
        return text, tomllib.loads(text)
    except RecursionError as fault:
        raise SettingsError("values are nested too deeply", where, 1) from fault
    except ValueError as fault:
        at = _AT_LINE.search(str(fault))
        line = int(at[1]) if at else text.count("\n") + (not text.endswith("\n"))
        problem = str(fault).split(" (at ")[0]
        raise SettingsError(f"is not TOML: {problem}", where, max(1, line)) from fault


def key_lines(text: str) -> dict[Key, int]:
    """The line on which each key of a valid TOML document begins; a table counts from its first mention.

    tomllib keeps no positions, so the text is taken apart into statements: the shortest runs of lines that parse when
    they stand below the header of their table.
    """
    found: dict[Key, int] = {}
    header, pending, begun = "", "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if not pending:
            begun = number
        pending += line + "\n"
        is_header = pending.lstrip(" \t").startswith("[")
        try:
            data = tomllib.loads(pending if is_header else header + pending)
        except (ValueError, RecursionError):
            continue
        if is_header:
            header = pending
        if is_header or pending.strip(" \t\n"):
            for key in _paths(data):
                found.setdefault(key, begun)
        pending = ""
    return found


def _paths(data: dict[str, Any], above: Key = ()) -> list[Key]:
    found: list[Key] = []
    for name, value in data.items():
        found.append((*above, name))
        if isinstance(value, dict) and len(above) + 1 < _DEEPEST:
            found += _paths(value, (*above, name))
    return found
