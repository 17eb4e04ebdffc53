"""The page that explains a finding: whole at each size, honest about marks and calm rows, harmless always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.domain.attention.finding import Finding, Kind, Mark, Marked, Severity
from charge_tui.domain.attention.thresholds import Thresholds
from charge_tui.domain.attention.words import advice, formula
from charge_tui.sandbox import RunningSandbox
from charge_tui.tui.render.look import Look
from charge_tui.tui.render.spans import text_of, width_of
from charge_tui.tui.render.why import Case, why_lines
from tests.support.attending import Attending, lost, quiet_world, twice
from tests.support.hostile import FORBIDDEN, HOSTILE
from tests.support.reservations import NOON, reservation
from tests.support.sandbox import SandboxMaker
from tests.support.screen import PARIS, Screen
from tests.tui.test_model import Names

SIZES = [(80, 24), (120, 36), (200, 60)]


@pytest.fixture
def world(make_sandbox: SandboxMaker) -> RunningSandbox:
    """A world in which nothing is wrong but what a test does to it."""
    return quiet_world(make_sandbox)


@pytest.mark.parametrize("size", SIZES)
async def test_a_finding_is_explained_whole(world: RunningSandbox, size: tuple[int, int]) -> None:
    identity = lost(world)
    async with Screen.open(world, size=size) as desk:
        person = await Attending(desk).at_finding(identity)
        await desk.press("i")
        told = await person.page("!!C lost: no connector", "Esc closes")
        for words in (
            "Failed: no connector, nothing replaces it; wanted 03:20, another must end by 04:50.",
            "deadline 03:20 in 20m", identity, "what to do Book it again (b)", "reason told no available connectors",
            "asked start 03:20 CEST", "end of its limits 04:50 CEST", "rule Failed, or expired before its end",
            "[attention] of config.toml",
        ):  # fmt: skip
            assert words in told, words
        assert "what was said" not in told
        await desk.press("G")
        assert "config.toml" in desk.text
        await desk.press("escape")
        await person.back_at_desk()
        assert desk.table.cursor == identity


async def test_thresholds_are_those_in_force(make_sandbox: SandboxMaker) -> None:
    world = quiet_world(make_sandbox)
    identity = lost(world)
    async with Screen.open(world, thresholds=Thresholds(critical_slack=1800.0)) as desk:
        person = await Attending(desk).at_finding(identity)
        await desk.press("i")
        assert "less than 30m to spare" in await person.page("rule")


async def test_what_was_said_about_it_stands_there(world: RunningSandbox) -> None:
    identity = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(identity)
        await desk.press("d", "1")
        await person.back_at_desk("handled")
        await desk.press("i")
        await person.page("what was said handled by Tess at 03:00, back when it gets worse: phoned")


async def test_the_finding_is_that_of_the_key_press(world: RunningSandbox) -> None:
    identity = lost(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(identity)
        await desk.press("i")
        await person.page("lost: no connector")
        row = world.reservation(identity)
        world.advance(by=60)
        world.create(**{name: row[name] for name in ("vehicle", "driver", "ideal_start", "ideal_end")})
        desk.desk.refresh()
        await desk.until(lambda: not desk.attention.of(identity), "it is lost no more")
        assert "lost: no connector" in person.page_text


async def test_a_pair_is_explained_with_both_windows(world: RunningSandbox) -> None:
    first, second = twice(world)
    async with Screen.open(world) as desk:
        person = await Attending(desk).at_finding(first)
        await desk.press("i")
        told = await person.page("booked twice", "vehicle", "windows")
        assert "09:00–10:30 CEST" in told
        assert "09:15–10:45 CEST" in told
        await desk.press("escape")
        await desk.press("3")
        await person.select(second)
        await desk.press("i")
        await person.page("booked twice", second)


async def test_a_row_without_a_finding_says_so(world: RunningSandbox) -> None:
    calm = str(world.create()["id"])
    async with Screen.open(world) as desk:
        person = await Attending(desk).over(calm)
        await desk.press("i")
        assert "Nothing is wrong with it." in await person.page(calm)


async def test_a_row_with_a_mark_says_what_it_means(world: RunningSandbox) -> None:
    row = world.create(ideal_start="2026-04-01T00:30:00.000Z", ideal_end="2026-04-01T02:30:00.000Z")
    window = {"reserved_start": row["ideal_start"], "reserved_end": row["ideal_end"]}
    world.edit(row["id"], status="confirmed", **window)
    async with Screen.open(world) as desk:
        person = await Attending(desk).over(row["id"])
        await desk.press("i")
        told = await person.page("marks", "started, no outcome", "asks for nothing")
        assert "Nothing is wrong" not in told


TEXT = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE))
NAMED = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("status", "failed_reason", "driver", "vehicle", "payment_method", "connector_type"), TEXT),
        **dict.fromkeys(("ideal_start", "hard_end", "due", "reserved_end", "latest_end"), st.one_of(st.none(), TEXT)),
        **dict.fromkeys(("failed", "problems"), st.lists(TEXT, max_size=9)),
        "centre": st.lists(st.floats(), max_size=3),
        "windows": st.dictionaries(TEXT, st.lists(TEXT, min_size=2, max_size=2), max_size=3),
        "free_until": st.one_of(st.none(), TEXT, st.dictionaries(TEXT, st.one_of(st.none(), TEXT), max_size=3)),
    },
)
ODD = st.dictionaries(
    st.text(max_size=20).map(lambda name: f"x {name}"),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(TEXT, max_size=3)),
    max_size=3,
)


@given(
    kind=st.sampled_from(Kind),
    facts=st.builds(lambda named, odd: named | odd, NAMED, ODD),
    width=st.integers(44, 200),
)
def test_whatever_the_facts_are_the_page_is_harmless_and_fits(kind: Kind, facts: dict[str, object], width: int) -> None:
    row = reservation("res_1")
    finding = Finding(kind, "k", Severity.HIGH, ("res_1",), NOON, facts)
    case = Case(row, finding, (finding,), (Marked(Mark.ODD_DATA, HOSTILE[0]),))
    lines = why_lines(case, Thresholds(), Look(PARIS, NOON, Names()), width)
    assert not FORBIDDEN & set("".join(text_of(line) for line in lines))
    assert max(width_of(line) for line in lines) <= width
    text = " ".join(" ".join(text_of(line) for line in lines).split())
    assert " ".join(advice(kind).split()) in text
    assert " ".join(formula(kind, Thresholds()).split()) in text
