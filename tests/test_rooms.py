"""Imports run one way: what each room may know of the others, and what it must not bring into the process."""

import ast
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import charge_tui

PACKAGE = Path(charge_tui.__file__).parent

MAY_IMPORT = {
    "domain": {"records"},
    "api": {"clock", "domain", "records", "secret"},
    "desk": {"api", "clock", "domain", "later", "records", "secret"},
    "config": {"clock", "domain", "records", "secret"},
    "sandbox": {"clock", "domain", "records"},
    "tui": {"api", "clock", "config", "desk", "domain", "early", "later", "records", "resources", "secret"},
    "headless": {"api", "clock", "config", "desk", "domain", "early", "later", "records", "sandbox", "secret", "tui"},
    "clock": set[str](),
    "early": set[str](),
    "later": set[str](),
    "records": set[str](),
    "secret": set[str](),
    "resources": set[str](),
    "cli": {"config", "early", "headless", "tui"},
}
"""Of each room, the others that it may import; itself always."""

ONLY_IN = {
    "textual": {"tui"},
    "rich": {"tui"},
    "starlette": {"sandbox"},
    "uvicorn": {"sandbox"},
    "httpx": {"api"},
    "platformdirs": {"config"},
}
"""Of each library, the rooms whose source may name it."""

NEVER_LOADED = {
    "domain": {"textual", "rich", "httpx", "starlette", "uvicorn", "sqlite3", "asyncio", "platformdirs"},
    "api": {"textual", "rich", "click", "pygments", "starlette", "uvicorn", "sqlite3", "platformdirs"},
    "desk": {"textual", "rich", "click", "pygments", "starlette", "uvicorn", "platformdirs"},
    "config": {"textual", "rich", "httpx", "starlette", "uvicorn"},
    "sandbox": {"textual", "rich", "httpx", "platformdirs"},
    "tui": {"starlette", "uvicorn"},
    "headless": {"textual", "rich", "click", "starlette", "uvicorn"},
}
"""Of each room, what must not be in the process after all of it was imported."""

HEAVY = {"textual", "starlette", "uvicorn", "sqlite3"}

FRESH = """
import importlib, json, sys
for name in {modules!r}:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
"""


def modules_of(room: str) -> list[str]:
    """Every module of a room, itself first."""
    folder = PACKAGE / room
    inside = pkgutil.walk_packages([str(folder)], f"charge_tui.{room}.") if folder.is_dir() else ()
    return [f"charge_tui.{room}", *(found.name for found in inside)]


def loaded_by(code: str) -> set[str]:
    """The modules in a fresh interpreter after it ran some code that prints them last."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def imports_in(room: str) -> Iterator[tuple[str, str]]:
    """Every module that a room's source names in an import, wherever it stands, with the file and line."""
    folder = PACKAGE / room
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{room}.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(PACKAGE.parent)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                yield from ((alias.name, place) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{place}: a relative import"
                names = [f".{alias.name}" for alias in node.names] if node.module == "charge_tui" else [""]
                yield from ((f"{node.module}{name}", place) for name in names)


def test_every_room_is_in_the_table() -> None:
    rooms = {found.name for found in pkgutil.iter_modules([str(PACKAGE)])} - {"__main__"}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_names_only_the_rooms_before_it(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room, "__version__"}
    strangers = [
        f"{place} imports {name}"
        for name, place in imports_in(room)
        if name.startswith("charge_tui.") and name.split(".")[1] not in allowed
    ]
    assert not strangers


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_named_in_its_own_rooms_only(library: str) -> None:
    strangers = [
        f"{place} imports {name}"
        for room in MAY_IMPORT.keys() - ONLY_IN[library]
        for name, place in imports_in(room)
        if name.split(".")[0] == library
    ]
    assert not strangers


@pytest.mark.parametrize("room", NEVER_LOADED)
def test_importing_all_of_a_room_brings_in_nothing_from_above(room: str) -> None:
    loaded = loaded_by(FRESH.format(modules=modules_of(room)))
    rooms = {name.split(".")[1] for name in loaded if name.startswith("charge_tui.")}
    lazy = {"tui", "sandbox"} if room == "headless" else set()
    assert rooms <= MAY_IMPORT[room] - lazy | {room}
    assert not {name.split(".")[0] for name in loaded} & NEVER_LOADED[room]


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--version"], {"pydantic", "httpx", "textual", "starlette", "asyncio", "tomllib", "platformdirs"}),
        (["--help"], {"pydantic", "httpx", "textual", "starlette", "asyncio", "tomllib", "platformdirs"}),
        (["list", "--help"], {"httpx", "textual", "starlette"}),
        (["list", "--base-url", "http://127.0.0.1:1/v1"], HEAVY),
        (
            ["show", "res_1", "--base-url", "http://127.0.0.1:1/v1"],
            HEAVY,
        ),
        (["doctor", "--base-url", "http://127.0.0.1:1/v1"], HEAVY),
        (["create", "--help"], {"httpx", "textual", "starlette", "sqlite3"}),
        (["cancel", "res_1", "--yes", "--base-url", "http://127.0.0.1:1/v1"], HEAVY - {"sqlite3"}),
        (["journal"], HEAVY - {"sqlite3"}),
    ],
)
def test_a_command_brings_in_only_what_it_needs(
    arguments: list[str], unwanted: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    monkeypatch.setenv("CHARGE_API_KEY", "ch_sk_test_x")
    code = f"""
import json, sys
sys.argv = ["charge-tui", *{arguments!r}]
from charge_tui.cli import entry
entry()
print()
print(json.dumps(sorted(sys.modules)))
"""
    assert not {name.split(".")[0] for name in loaded_by(code)} & unwanted
