"""What is kept of a crash: where it happened, without the values of any variable."""

import os
import platform
import traceback
from datetime import datetime
from pathlib import Path

from charge_tui import __version__
from charge_tui.clock import SystemClock
from charge_tui.config.paths import open_private, private_folder
from charge_tui.config.redact import scrub_log
from charge_tui.domain.text import safe


def crash_text(error: BaseException, at: datetime) -> str:
    """A report of a crash: versions, the chain of exceptions and their lines of code; no locals, no keys."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=False)
    head = f"charge-tui {__version__}, Python {platform.python_version()}, {platform.platform()}, {at.isoformat()}\n\n"
    return scrub_log(head + "".join(trace.format()))


def report_crash(error: BaseException, folder: Path) -> Path | None:
    """Write a report for the owner alone into a folder; None where the folder does not take it."""
    at = SystemClock().now()
    path = folder / f"crash-{at:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    if private_folder(folder):
        return None
    try:
        with open_private(path, "w", errors="backslashreplace") as stream:
            stream.write(crash_text(error, at))
    except OSError:
        return None
    return path


def crash_line(error: BaseException, report: Path | None) -> str:
    """The one line that a person is shown."""
    kept = (
        f"A report without private data is in {safe(str(report), 1000)}." if report else "No report could be written."
    )
    return f"charge-tui: an error of its own ended it ({type(error).__name__}). {kept}"
