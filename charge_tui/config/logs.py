"""The program's own log: bounded, for its owner alone, with no key and no query value in it."""

import logging
import logging.handlers
import os
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Final, cast

from charge_tui.config.paths import open_private
from charge_tui.config.redact import scrub_log

LOGGER: Final = "charge_tui"
FILE: Final = "charge-tui.log"
_SIZE: Final = 1_000_000
_KEPT: Final = 3


class ScrubbingFormatter(logging.Formatter):
    """Lines in UTC whose keys and query values are gone, those of tracebacks too."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("{asctime}Z {levelname:<7} {name}: {message}", "%Y-%m-%dT%H:%M:%S", style="{")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one entry of the log."""
        return scrub_log(super().format(record))


class PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner can read. A full disk loses entries and disturbs nobody."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace")

    def _open(self) -> TextIOWrapper:
        return cast(TextIOWrapper, open_private(Path(self.baseFilename), "a", errors=self.errors))

    def emit(self, record: logging.LogRecord) -> None:
        """Write an entry; a file that was removed or replaced is begun anew."""
        if self.stream is not None and not _stands(self.baseFilename, self.stream):
            self.stream.close()
            self.stream = None  # the next entry opens it
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Drop the entry: the default writes to the terminal, which belongs to the screen."""


def _stands(path: str, stream: TextIOWrapper) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(stream.fileno()))
    except (OSError, ValueError):
        return False


def start_log(folder: Path, level: str) -> str | None:
    """Send the program's log to a file in a folder; a sentence where that does not work.

    Nothing but the program's own logger is touched, and nothing of it reaches the terminal.
    """
    logger = logging.getLogger(LOGGER)
    logger.propagate = False
    logger.setLevel(level.upper())
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    try:
        handler = PrivateFileHandler(folder / FILE)
    except OSError as fault:
        logger.addHandler(logging.NullHandler())
        return f"no log is kept: {folder / FILE} cannot be opened ({fault.strerror or fault})"
    handler.setFormatter(ScrubbingFormatter())
    logger.addHandler(handler)
    return None
