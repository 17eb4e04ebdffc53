"""The time axis: true to scale, aligned, nothing overlapping, whatever the windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.render.ascii import to_ascii
from charge_tui.tui.render.axis import LEAST, Windows, axis, clock
from charge_tui.tui.render.spans import Line, text_of, width_of
from tests.support.screen import PARIS

DAY = datetime(2026, 4, 1, tzinfo=UTC)
DST_NIGHTS = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
ZONES = [UTC, PARIS, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]

moments = st.one_of(
    st.integers(-2_600_000, 2_600_000).map(lambda seconds: DAY + timedelta(seconds=seconds)),
    st.integers(-700_000, 2_500_000).map(lambda days: DAY + timedelta(days=days)),
    st.builds(
        lambda night, seconds: night + timedelta(seconds=seconds),
        st.sampled_from(DST_NIGHTS),
        st.integers(-7200, 14400),
    ),
)
windows = st.builds(
    Windows,
    asked=st.tuples(moments, moments),
    given=st.none() | st.tuples(moments, moments),
    limits=st.tuples(st.none() | moments, st.none() | moments),
    free_until=st.none() | moments,
    now=st.none() | moments,
    without=st.sampled_from(["", "no station", "a long reason why nothing was given at all, in many words"]),
)


def at(hour: int, minute: int, day: int = 0) -> datetime:
    """A time in Paris on the first of April."""
    return datetime(2026, 4, 1, hour, minute, tzinfo=PARIS) + timedelta(days=day)


def drawn(windows: Windows, width: int) -> list[str]:
    """The drawing as text."""
    return [text_of(line) for line in axis(windows, PARIS, width)]


def line_named(lines: list[str], name: str) -> str:
    """The line of one thing."""
    return next(line for line in lines if line.startswith(name))


@given(windows, st.integers(0, 120), st.sampled_from(ZONES))
def test_every_line_has_exactly_the_width_and_stays_plain_in_ascii(
    windows: Windows, width: int, zone: ZoneInfo
) -> None:
    lines = axis(windows, zone, width)
    for line in lines:
        assert width_of(line) == width
        plain = to_ascii(text_of(line))
        assert plain.isascii()
        assert len(plain) == width


@given(windows, st.integers(LEAST, 120))
def test_each_thing_has_a_line_and_its_times_stand_whole_beside_it(windows: Windows, width: int) -> None:
    lines = drawn(windows, width)
    if not lines:
        return
    base = min(windows.asked)
    asked = line_named(lines, "asked")
    assert clock(windows.asked[0], base, PARIS) in asked
    assert clock(windows.asked[1], base, PARIS) in asked
    for name, moment in (("free", windows.free_until), ("now", windows.now)):
        assert any(line.startswith(name) for line in lines) == (moment is not None)
        if moment is not None:
            assert clock(moment, base, PARIS) in line_named(lines, name)
    assert any(line.startswith("limits") for line in lines) == any(windows.limits)


@given(windows, st.integers(50, 120))
def test_what_is_earlier_never_stands_further_right(windows: Windows, width: int) -> None:
    lines = axis(windows, PARIS, width)
    points = [
        (moment, _place(line, "◂◆▲▸"))
        for line in lines
        for name, moment in (("free", windows.free_until), ("now", windows.now))
        if moment is not None and text_of(line).startswith(name)
    ]
    for earlier, one in points:
        for later, other in points:
            if earlier <= later:
                assert one <= other


def _place(line: Line, shapes: str) -> int:
    text = text_of(line)
    return next(place for place in range(len(text) - 1, -1, -1) if text[place] in shapes)


def test_an_ordinary_reservation_as_it_is_drawn() -> None:
    lines = drawn(
        Windows(
            asked=(at(3, 28), at(4, 58)),
            given=(at(3, 50), at(5, 20)),
            limits=(at(3, 15), at(6, 0)),
            free_until=at(2, 58),
            now=at(3, 14),
        ),
        52,
    )
    assert lines == [
        "Wed 1 Apr    03:00      04:00     05:00             ",
        "limits 03:15   ┊├────────────────────────────┤ 06:00",
        "asked  03:28   ┊  ━━━━━━━━━━━━━━━━             04:58",
        "given  03:50   ┊      ████████████████         05:20",
        "free   02:58 ◆ ┊                                    ",
        "now    03:14   ▲                                    ",
    ]


def test_what_is_far_away_is_pointed_at_and_the_windows_stay_readable() -> None:
    lines = drawn(Windows(asked=(at(21, 0), at(22, 30)), limits=(None, at(0, 30, 40)), now=at(9, 0, -20)), 50)
    asked = line_named(lines, "asked")
    assert asked.count("━") > 15
    assert line_named(lines, "limits").split("┤")[0].rstrip().endswith("▸ 11 May")
    assert "any ◂" in line_named(lines, "limits")
    assert "◂" in line_named(lines, "now")
    assert "12 Mar" in line_named(lines, "now")


def test_a_window_over_midnight_tells_the_day() -> None:
    asked = line_named(drawn(Windows(asked=(at(23, 30), at(0, 45, 1))), 40), "asked")
    assert "23:30" in asked
    assert "00:45+1" in asked


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 3), ((2026, 10, 25), 5)])
def test_on_a_dst_night_the_bar_has_its_true_length(day: tuple[int, int, int], hours: int) -> None:
    start, end = datetime(*day, 1, 0, tzinfo=PARIS), datetime(*day, 5, 0, tzinfo=PARIS)
    lines = drawn(Windows(asked=(start, end), given=(start, start.astimezone(UTC) + timedelta(hours=1))), 80)
    whole, hour = line_named(lines, "asked").count("━"), line_named(lines, "given").count("█")
    assert abs(whole / hour - hours) < 0.3


def test_the_ruler_never_lets_two_times_touch() -> None:
    for width in range(LEAST, 121):
        ruler = drawn(Windows(asked=(at(3, 28), at(4, 58)), limits=(at(1, 0), at(8, 0))), width)[0]
        for word in ruler[9:].split():
            assert len(word) == 5, ruler


def test_nothing_is_drawn_where_there_is_no_room() -> None:
    assert axis(Windows(asked=(at(3, 0), at(4, 0))), PARIS, LEAST - 1) == []
