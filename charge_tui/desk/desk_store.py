"""The desk's store: one file for what people said about findings and for the log, shared by the desks of this user."""

from concurrent.futures import Executor
from pathlib import Path
from typing import Final

from charge_tui.desk.attention.verdict_file import VERDICT_TABLES
from charge_tui.desk.log_file import LOG_TABLES
from charge_tui.desk.store import Store
from charge_tui.desk.store_file import StoreFile

DESK_STORE: Final = "desk.sqlite"
"""The store's file in the state folder; all accounts share it."""


def desk_file(path: Path | None, patience: float = 5.0) -> StoreFile:
    """The file with the tables of all its owners; None keeps it in memory."""
    return StoreFile(path, (*VERDICT_TABLES, *LOG_TABLES), patience)


def desk_store(path: Path | None, *, writer: Executor | None = None, patience: float = 5.0) -> Store:
    """The same on a thread of its own."""
    return Store(desk_file(path, patience), writer, name="desk")
