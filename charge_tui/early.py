"""The first thing that a person sees: the screen as it was left, or an empty frame, before anything else is imported.

It stands in grey and is marked SAVED with its age, until the desk itself paints over it. Only what the desk has shown
on a terminal of this size, with these options, this environment and this configuration, is shown again. The terminal is
taken here and handed over to the desk as it is; whoever ends before that gives it back.
"""

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

STDIN: Final = 0
STDERR: Final = 2
TAKE: Final = "\x1b[?1049h"
"""Switches to the terminal's other screen; a second one would clear it."""

_FORMAT: Final = "charge-tui screen 1"
_GREY: Final = "\x1b[2m"
_HIDE, _SHOW, _LEAVE = "\x1b[?25l", "\x1b[?25h", "\x1b[?1049l"
_LONGEST: Final = 1_000_000
_OLDEST: Final = 30 * 86_400.0
"""Seconds after which a screen that was not kept anew is thrown away."""
_PREFIX: Final = "screen-"
_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT) if os.name == "posix" else ()


class Early:
    """What was done to the terminal before the desk has it."""

    def __init__(self) -> None:
        self.attributes: list[Any] | None = None
        """The terminal's modes as they were found; None while it is not taken from here."""
        self._handlers: dict[int, Any] = {}
        self._place = ""
        self._kept: Sequence[str] = ()

    @property
    def taken(self) -> bool:
        """Whether the terminal is on its other screen, and nobody has it yet."""
        return self.attributes is not None

    def remember(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Find out where the screen of this start is kept. To be called before the key leaves the environment.

        A command that stands first opens no desk on the user's own account, and needs not wait for this.
        """
        if sys.platform == "linux" and (not arguments or arguments[0].startswith("-")):
            with suppress(OSError, ValueError):
                self._place = place(arguments, environment)

    def show_saved(self) -> None:
        """Show the screen that such a start has left, if there is one; never raises."""
        try:
            size = _size() if self._place else None
            saved = _read(self._place, size) if size else None
            if size and saved:
                at, head, lines = saved
                age = told(max(0.0, time.time() - at))
                self.show([f"{' ' * size[0]}\x1b[1;1H {head}  \x1b[0;1mSAVED {age}\x1b[0m{_GREY}  opening", *lines[1:]])
        except (OSError, ValueError, ImportError):
            self.give_back()

    def show_frame(self, host: str) -> None:
        """Show that the desk opens on that host, where nothing is shown yet; never raises."""
        try:
            size = _size() if sys.platform == "linux" and not self.taken else None
            if size:
                blank = " " * size[0]
                clean = "".join(one for one in host if one.isprintable() and one.isascii())[: max(0, size[0] - 18)]
                first = f"{blank}\x1b[1;1H\x1b[1m charge\x1b[0m  {_GREY}{clean}  LOADING\x1b[0m"
                self.show([first, *[blank] * (size[1] - 1)])
        except (OSError, ValueError, ImportError):
            self.give_back()

    def keep(self, at: float, head: str, lines: Sequence[str]) -> None:
        """Keep a screen for the next start: as of when (seconds since 1970), account and host, its lines as text."""
        size = _size()
        if not self._place or size is None or len(lines) != size[1] or lines[1:] == self._kept:
            return
        self._kept = lines[1:]
        with suppress(OSError):
            _replace(self._place, "\n".join((_FORMAT, f"{size[0]} {size[1]}", f"{at:.0f}", head, *lines)))

    def show(self, lines: Sequence[str]) -> None:
        """Take the terminal, if that was not done, and show these lines on it. Keys typed from now on wait.

        Raises:
            OSError: the terminal is gone.
        """
        import termios

        if self.attributes is None:
            try:
                found = termios.tcgetattr(STDIN)
                quiet = termios.tcgetattr(STDIN)
                quiet[3] &= ~(termios.ECHO | termios.ICANON)
                termios.tcsetattr(STDIN, termios.TCSANOW, quiet)
            except termios.error as fault:
                raise OSError(str(fault)) from fault
            self.attributes = found
            for number in _SIGNALS:
                self._handlers[number] = signal.signal(number, self._ended)
        text = "".join(f"\x1b[{row};1H{line}" for row, line in enumerate(lines, 1))
        _write(f"{TAKE}{_HIDE}{text}\x1b[0m")

    def hand_over(self) -> list[Any] | None:
        """Leave the terminal to the desk; the modes that it has to be given back with."""
        found, self.attributes = self.attributes, None
        self._let_go()
        return found

    def give_back(self) -> None:
        """Leave the terminal as it was found, if nobody took it over; one that is gone is left alone."""
        found = self.hand_over()
        if found is not None:
            import termios

            with suppress(OSError, termios.error):
                _write(f"\x1b[0m{_SHOW}{_LEAVE}")
                termios.tcsetattr(STDIN, termios.TCSANOW, found)

    def _ended(self, number: int, _: object) -> None:
        try:
            self.give_back()
        finally:
            os._exit(128 + number)

    def _let_go(self) -> None:
        for number, handler in self._handlers.items():
            if signal.getsignal(number) == self._ended:
                signal.signal(number, handler)
        self._handlers.clear()


EARLY: Final = Early()
"""Of this process."""


def place(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The file that holds the screen of this command line, environment and configuration."""
    from hashlib import sha256

    home = os.path.expanduser("~")
    config = os.path.join(environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "charge-tui")
    cache = os.path.join(environment.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "charge-tui")
    parts = [*arguments, *(f"{name}={value}" for name, value in sorted(environment.items()) if name[:7] == "CHARGE_")]
    try:
        with open(os.path.join(config, "config.toml"), "rb") as file:
            content = file.read(_LONGEST)
    except FileNotFoundError:
        content = b""
    digest = sha256("\0".join(parts).encode(errors="surrogateescape") + b"\0\0" + content).hexdigest()[:24]
    return os.path.join(cache, f"{_PREFIX}{digest}")


def told(age: float) -> str:
    """An age in its largest unit ("3h")."""
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if age >= seconds:
            return f"{int(age // seconds)}{unit}"
    return f"{int(age)}s"


def _size() -> tuple[int, int] | None:
    """Columns and lines of the terminal; None where the desk cannot be drawn."""
    if not (os.isatty(STDIN) and os.isatty(STDERR)) or os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return None
    size = os.get_terminal_size(STDERR)
    return size.columns, size.lines


def _read(path: str, size: tuple[int, int]) -> tuple[float, str, list[str]] | None:
    try:
        with open(path, encoding="utf-8") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            text = file.read(_LONGEST)
    except FileNotFoundError:
        return None
    version, measures, at, head, *lines = text.split("\n")
    whole = version == _FORMAT and measures == f"{size[0]} {size[1]}" and len(lines) == size[1]
    clean = all(one == "\n" or (one >= " " and not "\x7f" <= one <= "\x9f") for one in text)
    return (float(at), head, lines) if whole and clean else None


def _replace(path: str, text: str) -> None:
    _forget_old(os.path.dirname(path))
    passing = f"{path}.{os.getpid()}"
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.replace(passing, path)
    except OSError:
        os.unlink(passing)
        raise


def _forget_old(folder: str) -> None:
    with os.scandir(folder) as found:
        for one in found:
            if one.name.startswith(_PREFIX) and time.time() - one.stat(follow_symlinks=False).st_mtime > _OLDEST:
                os.unlink(one.path)


def _write(text: str) -> None:
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(STDERR, data) :]
