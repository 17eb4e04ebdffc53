"""The log as a file: JSON lines for programs, CSV for spreadsheets, Markdown for people.

Whatever stands in the data, the file holds no control characters, a spreadsheet takes no cell for a formula, and
Markdown keeps its structure.
"""

import asyncio
import csv
import io
import json
import os
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from charge_tui.desk.log import LogBook
from charge_tui.desk.log_entry import LogEntry
from charge_tui.desk.log_file import Query
from charge_tui.desk.log_words import detail_words, what_words, who_words
from charge_tui.domain import markdown
from charge_tui.domain.text import plain_json, safe
from charge_tui.domain.times import rfc3339, zone_word

_AT_ONCE: Final = 500
_FORMULA: Final = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_COLUMNS: Final = (
    "at", "kind", "what", "reservation", "vehicle", "driver", "status_before", "status_after", "detail", "changed",
    "source", "who", "request_id", "until",
)  # fmt: skip
_CELL: Final = 2_000


class Format(StrEnum):
    """How an export is written; the value is the file's ending."""

    JSON_LINES = "jsonl"
    CSV = "csv"
    MARKDOWN = "md"


def head(form: Format, zone: tzinfo, now: datetime) -> str:
    """What stands before the lines."""
    if form is Format.CSV:
        return ",".join(_COLUMNS) + "\n"
    if form is Format.MARKDOWN:
        told = f"Times are in {zone_word(now, zone)}, the newest first."
        columns = ["time", "what", "reservation", "detail", "source"]
        return f"# Log\n\n{told}\n\n{markdown.cells(columns)}\n{markdown.cells(['---'] * len(columns))}\n"
    return ""


def body(form: Format, entries: Iterable[LogEntry], zone: tzinfo) -> str:
    """These lines, each on one line of its own."""
    if form is Format.JSON_LINES:
        return "".join(plain_json(entry.document()) + "\n" for entry in entries)
    if form is Format.CSV:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(_row, entries))
        return text.getvalue()
    return "".join(_markdown(entry, zone) + "\n" for entry in entries)


def cell(text: str) -> str:
    """A text that a spreadsheet shows and never computes: a leading sign of a formula is quoted with an apostrophe."""
    text = safe(text, _CELL)
    return f"'{text}" if text.lstrip()[:1] in _FORMULA and text.strip() else text


async def export(log: LogBook, query: Query, folder: Path, form: Format, *, zone: tzinfo, now: datetime) -> Path:
    """Write all lines that a query wants to a new file of the folder, for its owner alone; its path.

    Raises:
        OSError: it cannot be written; what there was of it is gone again.
    """
    name = f"charge-log-{now.astimezone(zone):%Y-%m-%d-%H%M}.{form}"
    path, file = await asyncio.to_thread(new_file, folder, name)
    try:
        with file:
            file.write(head(form, zone, now))
            async for entries in _chunks(log, query):
                await asyncio.to_thread(lambda: file.write(body(form, entries, zone)))  # noqa: B023 - awaited at once
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def new_file(folder: Path, name: str) -> tuple[Path, IO[str]]:
    """A file that was not there before, for its owner alone; a number goes in its name where that is taken.

    Raises:
        OSError: there is no such folder, or it cannot be written to.
    """
    folder = folder.expanduser()
    stem, dot, ending = name.rpartition(".")
    for count in range(1, 1_000):
        path = folder / (name if count == 1 else f"{stem}-{count}{dot}{ending}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        return path, os.fdopen(descriptor, "w", encoding="utf-8", newline="")
    raise FileExistsError(f"{folder} has too many files of that name")


async def _chunks(log: LogBook, query: Query) -> AsyncIterator[list[LogEntry]]:
    numbers = await log.numbers(query)
    for place in range(0, len(numbers), _AT_ONCE):
        yield await log.lines(numbers[place : place + _AT_ONCE])


def _row(entry: LogEntry) -> list[str]:
    changed = "; ".join(f"{name}: {_plain(old)} -> {_plain(new)}" for name, old, new in entry.fields)
    texts = (
        rfc3339(entry.at), str(entry.kind), entry.what, entry.reservation, entry.vehicle, entry.driver, entry.before,
        entry.after, entry.detail, changed, entry.source, entry.who, entry.request,
        rfc3339(entry.until) if entry.until else "",
    )  # fmt: skip
    return [cell(text) for text in texts]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "none" if value is None else json.dumps(value, ensure_ascii=False)


def _markdown(entry: LogEntry, zone: tzinfo) -> str:
    at = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    texts = (what_words(entry), detail_words(entry, zone), who_words(entry))
    what, detail, who = (markdown.escaped(text) for text in texts)
    request = f" {markdown.code(entry.request)}" if entry.request else ""
    reservation = markdown.code(entry.reservation) if entry.reservation else ""
    return markdown.cells([at, what, reservation, detail + request, who])
