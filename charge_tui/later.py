"""Modules that no first picture needs: imported when they are first used, or before that in a quiet moment.

    if TYPE_CHECKING:
        from charge_tui.tui import jobs
    else:
        jobs = later("charge_tui.tui.jobs")

The desk opens sooner by what it does not import; ``load_next`` lets it fetch the rest, one by one, before a key asks.
"""

import importlib
from typing import Any

_waiting: dict[str, None] = {}


class _Later:
    """Stands for a module; the first look at one of its members imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, member: str) -> Any:
        return getattr(_load(self._name), member)


def later(name: str) -> Any:
    """Stand for the module of that name, without importing it."""
    _waiting[name] = None
    return _Later(name)


def load_next() -> bool:
    """Import one of the modules that were put off; False when none is left."""
    name = next(iter(_waiting), None)
    if name is None:
        return False
    _load(name)
    return True


def _load(name: str) -> Any:
    _waiting.pop(name, None)
    return importlib.import_module(name)
