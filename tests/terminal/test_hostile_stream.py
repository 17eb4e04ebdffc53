"""Text from elsewhere never acts on a terminal: every byte that comes out is read and judged.

``CHARGE_LONG=1`` makes more worlds of more texts.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from charge_tui.config.errors import SettingsError
from charge_tui.config.file import ConfigFile, parse
from charge_tui.config.load import load
from charge_tui.domain.text import plain_json, plain_lines, safe
from charge_tui.sandbox import RunningSandbox, SandboxOptions
from charge_tui.tui.themes import DARK
from charge_tui.tui.widgets.harmless import harmless
from tests.support.hostile import HOSTILE
from tests.support.hostile_api import Between, Spoiler, between, keeps_id_and_status
from tests.support.process import Terminal, clean_environment, config_file, run, terminal
from tests.support.rounds import pages, press, settled, views, whole
from tests.support.sandbox import KEY, START
from tests.support.stream import Manners, Token, is_harmless, tokens

LONG: Final = bool(os.environ.get("CHARGE_LONG"))
CORPUS: Final = tuple(text[:3000] for text in HOSTILE)
COLOURS: Final = frozenset(
    ";".join(str(int(found[at : at + 2], 16)) for at in (0, 2, 4)) for found in re.findall(r"#([0-9a-f]{6})", f"{DARK}")
)
NASTY: Final = st.text(
    st.sampled_from("\x1b[]m;0123ABCDEFGHJKPXh?\\^_\x07\x9b\x9d\x90\x9c\x00\x7f\r\n\t\u202e\u200b\U000e0041=@-[/]aé漢")
    | st.characters(codec="utf-8"),
    max_size=60,
)


def manners(size: tuple[int, int], copied: bool = False) -> Manners:
    """What the desk may write in its dark theme."""
    return Manners(size, COLOURS, copied=lambda text: copied and all(map(is_harmless, text)))


@contextmanager
def hostile_desk(api: Between, home: Path, size: tuple[int, int] = (120, 36), **more: str) -> Iterator[Terminal]:
    """The desk before a server that spoils everything; at the end it is left, and its whole stream is judged."""
    env = clean_environment(
        home, CHARGE_API_KEY=KEY, CHARGE_BASE_URL=api.base_url, TZ="Europe/Paris", COLORTERM="truecolor", **more
    )
    with terminal(env=env, size=size) as it:
        it.wait_for("FRESH")
        yield it
        settled(it)
        it.leave()
        assert it.wait_for_end() == 0
    assert manners(size, copied=True).offences(it.seen) == []
    assert not list(home.rglob("crash-*"))


@contextmanager
def spoiled_world(texts: Sequence[str], reservations: int = 120) -> Iterator[Between]:
    """A sandbox behind a server that puts these texts everywhere."""
    options = SandboxOptions(start=START, speed=0.0, reservations=reservations, key=KEY)
    spoiler = Spoiler(texts)
    with RunningSandbox(options) as sandbox, between(sandbox, spoiler) as api:
        api.real = spoiler.real
        yield api


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_a_world_of_hostile_text_writes_nothing_of_its_own_to_the_terminal(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with spoiled_world(CORPUS, 200) as api, hostile_desk(api, tmp_path, size) as it:
        whole(it, size, api, out, ["a\x9b31m\x9d0;t\x9c", "=1\u202e\x07", "[/red]"])
    exports = [path for path in out.iterdir() if path.stat().st_size]
    assert {path.suffix for path in exports} == {".csv", ".jsonl", ".md"}
    for path in [*exports, *tmp_path.rglob("*.log")]:
        assert_harmless_file(path)


def assert_harmless_file(path: Path) -> None:
    """Lines of text with no character in them that a terminal acts on."""
    text = path.read_bytes().decode()
    bad = {char for char in text if not is_harmless(char) and char not in "\n\t"}
    assert not bad, (path.name, bad)


@settings(max_examples=12 if LONG else 1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(texts=st.lists(NASTY, min_size=40, max_size=40))
def test_so_does_a_world_of_any_text(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    with spoiled_world(texts, 60) as api, hostile_desk(api, tmp_path_factory.mktemp("home"), (100, 30)) as it:
        views(it)
        pages(it, next(row["id"] for row in api.sandbox.find() if keeps_id_and_status(str(row["id"]))))


def test_files_full_of_it_are_shown_and_do_nothing(tmp_path: Path) -> None:
    """The saved picture, the log, verdicts, drafts, journal and note, each text in them replaced."""
    with spoiled_world(CORPUS, 60) as api:
        with hostile_desk(api, tmp_path) as it:
            it.type("jd1")
            press(it, "H", "has to know")
            press(it, "n", "back to the page")
            it.type("a note\t")
            settled(it)
        files = [*tmp_path.rglob("*.sqlite")]
        assert len(files) >= 3
        assert sum(spoil_file(path) for path in files) > 100
        with hostile_desk(api, tmp_path) as it:
            views(it)
            press(it, "W", "acknowledged")
            settled(it)
            press(it, "l", "changes seen")
            settled(it)
            press(it, "H", "has to know")
            settled(it)
        env = clean_environment(tmp_path, CHARGE_API_KEY=KEY, CHARGE_BASE_URL=api.base_url)
        for command in (["journal"], ["journal", "--json"], ["handover"], ["handover", "--json"], ["doctor"]):
            done = run(*command, env=env)
            assert done.code in (0, 2, 5), done
            assert "an error of its own" not in done.err
            assert all(is_harmless(char) or char in "\n\t" for char in done.everything)


def spoil_file(path: Path) -> int:
    """Put hostile text into every third text of a database; how many."""
    spoiled = 0
    with closing(sqlite3.connect(path)) as db, db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for _, column, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
                text = CORPUS[(len(table) + len(column) + spoiled) % len(CORPUS)][:500]
                some = f"typeof({column}) = 'text' AND length({column}) % 3 = {len(column) % 3}"
                spoiled += db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {some}", (text,)).rowcount
    return spoiled


@given(text=st.sampled_from(CORPUS) | NASTY)
def test_a_configuration_full_of_it_is_refused_or_shown_as_harmless_text(text: str) -> None:
    value = plain_json(text)
    for content in (
        f"theme = {value}", f"operator = {value}\nlog_days = {value}", f"[keys]\n{value} = {value}", f"{value} = 1",
        f"[profile.{value}]\ntheme = 1", f"[attention]\n{value} = {value}", f"x{text}", f"base_url = {value}",
    ):  # fmt: skip
        try:
            _, data = parse(content.encode("utf-8", "replace"), "config.toml")
            shown = repr(load(ConfigFile(Path("config.toml"), content, data, exists=True), {}, {}).theme)
        except SettingsError as error:
            shown = error.sentence
        assert all(map(is_harmless, shown)), content


def test_the_doctor_and_the_desk_tell_it_harmlessly(tmp_path: Path) -> None:
    config_file(tmp_path).write_text(
        'operator = "\\u001b]0;x\\u0007[/]\\u202e"\napi_key_file = "/\\u009b31m"\n[profile."\\u001b[2J"]\ntheme = "x"\n'
    )
    env = clean_environment(tmp_path, CHARGE_BASE_URL="http://127.0.0.1:1/v1")
    for command in (["doctor"], ["doctor", "--json"], ["list"], ["list", "--profile", "\x1b[2J"], ["show", "\x9b31m"]):
        done = run(*command, env=env)
        assert done.code == 2
        assert "an error of its own" not in done.err
        assert all(is_harmless(char) or char in "\n\t" for char in done.everything)


# -- the judge itself -------------------------------------------------------------------------------------------------

CALM: Final = (
    b"\x1b[?1049h\x1b[?25l\x1b[3;4H\x1b[1;38;2;138;147;160;49mtext\x1b[0m\r\n\x1b]2;charge FRESH\x07\x1b[?1049l"
)


@pytest.mark.parametrize(
    "injected",
    [
        b"\x1b]0;owned\x07", b"\x1b]2;owned\x07", b"\x1b]52;c;ZXZpbA==\x07", b"\x1b]9;hello\x07", b"\x1b[2J",
        b"\x1b]8;;http://x\x1b\\", b"\x1b[31m", b"\x1b[5m", b"\x1b[38;2;1;2;3m", b"\x1b[38;5;9m", b"\x1b[99;1H",
        b"\x1bP+q544e\x1b\\", b"\x1b_G\x1b\\", b"\x1bc", b"\x1b#8", b"\x1b[6n", b"\x1b[3;500H",
        b"\x07", b"\x08", b"\x00", b"\x0e", b"\x7f",
        "\x9b31m".encode(), b"\x9b31m", "\u202e".encode(), "\u200b".encode(), "\u2066".encode(), "\U000e0041".encode(),
        b"\x1b[?1002h", b"\x1b[1049h", b"\x1b]2;charge \x1b[2J\x07", b"\x1b]2;charge", b"\x1b[", b"\x1b", b"\xff\xfe",
        b"\x1b]777;notify;charge;x\x1b\\", b"\x1b[0;0;0q", b"\x1b[20t", b"\x1b[4:3m", b"\x1b[3;4\x18H",
    ],
)  # fmt: skip
def test_the_judge_finds_what_does_not_belong_there(injected: bytes) -> None:
    assert manners((80, 24)).offences(CALM) == []
    assert manners((80, 24)).offences(CALM + injected) != []
    if injected not in (b"\x1b", b"\x1b["):  # followed by text they become another sequence, which is found too
        assert manners((80, 24)).offences(injected + CALM) != []


@given(NASTY)
@example("\x1b]52;c;ZXZpbA==\x07")
def test_the_judge_lets_no_sequence_of_data_through(text: str) -> None:
    """What is not harmless is found wherever it stands, and what ``safe`` made of it is fine."""
    if not all(map(is_harmless, text)) and set(text) - set("\r\n") != set() and set(text) & {"\x1b", "\x9b", "\x07"}:
        shown = text.encode()
        own = [one for one in tokens(shown) if one.kind == "csi"]
        assert manners((80, 24)).offences(shown) != [] or own
    for harmless_text in (safe(text), plain_lines(text).replace("\t", " ").replace("\n", " "), harmless(text)):
        assert manners((80, 24)).offences(harmless_text.encode()) == []


def test_the_parser_takes_sequences_apart_as_terminals_do() -> None:
    assert list(tokens(b"a\x1b[1;2H\x1b]2;t\x07\x1bPx\x1b\\\x1b7\r")) == [
        Token("text", "a"), Token("csi", "1;2H"), Token("osc", "2;t"), Token("string", "x"), Token("escape", "7"),
        Token("control", "\r"),
    ]  # fmt: skip


@given(st.text(st.characters(codec=None)), st.booleans())
def test_json_and_plain_lines_are_harmless_and_lose_no_meaning(text: str, ascii_only: bool) -> None:
    shown = plain_json({text: [text]}, ascii_only=ascii_only)
    assert all(map(is_harmless, shown))
    assert json.loads(shown) == {text: [text]}
    assert all(is_harmless(char) or char in "\n\t" for char in plain_lines(text))
