"""``expand``: an id replaced in place by the object that it names [docs: charge-api 1.9]."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Final

from charge_tui.sandbox.directory import Directory
from charge_tui.sandbox.errors import ApiError

_PREFERRED: Final = "preferences.default_payment_method"

EXPANDABLE: Final[dict[str, dict[str, str]]] = {
    "reservation": {
        "charging_station": "charging_station",
        "driver": "driver",
        "payment_method": "payment_method",
        "vehicle": "vehicle",
    },
    "vehicle": {"fleet": "fleet"},
    "driver": {_PREFERRED: "payment_method"},
    "fleet": {_PREFERRED: "payment_method"},
    "payment_method": {"driver": "driver", "fleet": "fleet"},
    "charging_station": {},
}
"""Per kind of object, which paths can be expanded and into what."""

_DEEPEST: Final = 4


def expand(document: dict[str, Any], paths: Iterable[str], directory: Directory) -> dict[str, Any]:
    """A copy of a document with each path expanded; an id that names nothing stays an id.

    Raises:
        ApiError: 400 ``unsupported_expand_value`` for a path that the object does not have.
    """
    expanded = deepcopy(document)
    for path in paths:
        _expand(expanded, path, path, directory, 0)
    return expanded


def check(kind: str, paths: Iterable[str]) -> None:
    """Refuse a path that a kind of object does not have, as ``expand`` would."""
    for path in paths:
        here, rest, depth = kind, path, 0
        while rest:
            name, rest = _step(here, rest, path, depth)
            here, depth = EXPANDABLE[here][name], depth + 1


def _expand(document: dict[str, Any], rest: str, path: str, directory: Directory, depth: int) -> None:
    kind = document["object"]
    name, deeper = _step(kind, rest, path, depth)
    holder, _, leaf = name.rpartition(".")
    place = document[holder] if holder else document
    value = place[leaf]
    if isinstance(value, str):
        found = directory.get(EXPANDABLE[kind][name], value)
        if found is None:
            return
        value = place[leaf] = deepcopy(found)
    if deeper and isinstance(value, dict):
        _expand(value, deeper, path, directory, depth + 1)


def _step(kind: str, rest: str, path: str, depth: int) -> tuple[str, str]:
    for name in EXPANDABLE[kind]:
        if rest == name or rest.startswith(name + "."):
            if depth >= _DEEPEST:
                break
            return name, rest[len(name) + 1 :]
    raise ApiError(400, f"{path[:100]!r} cannot be expanded here.", "unsupported_expand_value", "expand")
