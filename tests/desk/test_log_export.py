"""Exports of hostile data: they parse back, hold no control characters, compute nothing and keep their structure."""

import csv
import io
import json
import re
import stat
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.log_entry import LogEntry, LogKind
from charge_tui.desk.log_export import Format, body, cell, export, head
from charge_tui.desk.log_file import Query
from charge_tui.domain import markdown
from charge_tui.domain.text import safe
from tests.support.logging_desk import World, night
from tests.support.virtual import BACKEND

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)
SIGNS = "=+-@\t\r\n|`*_[]()<>&#$~\\'\",;0.:/ \x00\x07\x1b\x7f\x85\u202e\u2028\ud800\ufeff\uff1d"
TEXTS = st.text(st.one_of(st.sampled_from(SIGNS), st.characters()), max_size=40)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS, st.lists(TEXTS, max_size=2))


@st.composite
def entries(draw: st.DrawFn) -> LogEntry:
    """A line of the log with anything in its texts."""
    texts = [draw(TEXTS) for _ in range(8)]
    fields = tuple((draw(TEXTS), draw(VALUES), draw(VALUES)) for _ in range(draw(st.integers(0, 3))))
    until = NOON if draw(st.booleans()) else None
    return LogEntry(
        draw(st.sampled_from(LogKind)), NOON, NOON, texts[0], texts[1], texts[2], texts[3], texts[4], before=texts[5],
        after=texts[6], fields=fields, source="poll", who=texts[7], request=texts[0], until=until,
    )  # fmt: skip


def controls(text: str) -> set[str]:
    """The control characters of a text, its line ends excepted."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cs", "Cf", "Zl", "Zp") and char != "\n"}


@given(st.lists(entries(), max_size=4))
def test_json_lines_parse_back_to_exactly_what_was_there(given: list[LogEntry]) -> None:
    text = body(Format.JSON_LINES, given, PARIS)
    assert all(char == "\n" or " " <= char <= "~" for char in text)
    assert [json.loads(line) for line in text.splitlines()] == json.loads(json.dumps([one.document() for one in given]))


@given(st.lists(entries(), max_size=4))
def test_csv_parses_back_cell_by_cell_and_no_cell_computes(given: list[LogEntry]) -> None:
    text = head(Format.CSV, PARIS, NOON) + body(Format.CSV, given, PARIS)
    assert not controls(text) - _kept(text)
    heading, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len(rows) == len(given)
    assert {len(row) for row in rows} <= {len(heading)}
    for entry, row in zip(given, rows, strict=True):
        held = dict(zip(heading, row, strict=True))
        assert held["reservation"].removeprefix("'") == safe(entry.reservation, 2000).removeprefix("'")
        assert not any(one.lstrip()[:1] in tuple("=+-@\t\r＝＋－＠") for one in row if one.strip())


@given(st.lists(entries(), min_size=1, max_size=4))
def test_markdown_keeps_a_line_and_five_cells_for_each(given: list[LogEntry]) -> None:
    text = body(Format.MARKDOWN, given, PARIS)
    lines = text.split("\n")[:-1]
    assert len(lines) == len(given)
    for line in lines:
        bare = re.sub(r"\\.", "", line)
        assert bare.count("|") == 6
        assert "<" not in bare
        assert bare.count("`") % 2 == 0


@given(TEXTS)
def test_escaped_text_begins_no_block_and_opens_no_link(text: str) -> None:
    shown = markdown.escaped(text)
    bare = re.sub(r"\\.", "", shown)
    assert "\n" not in shown
    assert not re.match(r"[#+=-]|\d+[.)]", shown)
    assert not set(bare) & set("`*_[]<>|~@$")
    assert "://" not in bare


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("  +1", "'  +1"),
        ("-", "'-"),
        ("@SUM", "'@SUM"),
        ("\t=1", "' =1"),
        ("\r=1", "'=1"),
        ("a=1", "a=1"),
        ("", ""),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
    ],
)
def test_a_cell_that_would_compute_is_quoted(text: str, shown: str) -> None:
    assert cell(text) == shown


class TestFiles:
    """Files on a disk, by a desk on virtual time."""

    @pytest.fixture
    def anyio_backend(self) -> object:
        return BACKEND

    async def test_a_file_is_new_private_and_whole(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("asyncio.to_thread", _at_once)
        world = World()
        async with night(world, tmp_path) as desk:
            for row in world.sandbox.find(status="pending"):
                world.sandbox.edit(row["id"], status="failed", failed_reason="=cmd")
            await desk.pass_(180)
            lines = await desk.told()
            out = tmp_path / "out"
            out.mkdir()
            paths = [
                await export(desk.log, Query(), out, Format.CSV, zone=PARIS, now=desk.desk.now()) for _ in range(2)
            ]
            assert paths[0] != paths[1]
            assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600, 0o600]
            rows = list(csv.DictReader(io.StringIO(paths[0].read_text())))
            assert [row["reservation"] for row in rows if row["kind"] == "change"] == [one.reservation for one in lines]
            with pytest.raises(OSError, match="No such file"):
                await export(desk.log, Query(), out / "no", Format.CSV, zone=PARIS, now=desk.desk.now())


async def _at_once(work: object, *arguments: object) -> object:
    assert callable(work)
    return work(*arguments)


def _kept(text: str) -> set[str]:
    return {char for char in text if unicodedata.category(char) == "Cf" and safe(char) == char}
