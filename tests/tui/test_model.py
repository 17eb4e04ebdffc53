"""Which rows a view shows, in which order, and where the cursor goes: without any screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.desk.state import Filters
from charge_tui.domain.reservation import Row, read_row
from charge_tui.tui.find import Finder, abbreviates
from charge_tui.tui.model import SORTS, Ordered, passes, sort_key, successor
from charge_tui.tui.render.spans import cells, cut, fit, wrap
from tests.support.reservations import reservation


class Names:
    """Names that a test gives; the same book answers for vehicles, drivers and stations."""

    def __init__(self, **known: str) -> None:
        self._known = known

    def vehicle(self, identity: str | None, /) -> str | None:
        return self._known.get(identity or "")

    driver = station = payment = vehicle

    def details(self, _kind: str, _identity: str | None, /) -> object | None:
        return None


rows = st.builds(
    lambda number, starts, status, odd: (
        read_row({"id": f"res_{number}", "status": status})
        if odd
        else reservation(f"res_{number}", starts_in=starts, status=status, vehicle=f"veh_{starts % 3}")
    ),
    st.integers(0, 12),
    st.integers(-5, 5).map(lambda minutes: minutes * 60),
    st.sampled_from(["pending", "confirmed", "failed"]),
    st.booleans(),
)


@given(st.lists(st.tuples(rows, st.booleans()), max_size=40), st.sampled_from(sorted(SORTS)))
def test_taking_in_changes_one_by_one_gives_the_order_of_sorting_at_once(
    steps: list[tuple[Row, bool]], by: str
) -> None:
    names = Names(veh_0="B", veh_1="A")
    ordered = Ordered(sort_key(by, names), lambda row: passes(row, "pending", Filters()))
    held: dict[str, Row] = {}
    for row, gone in steps:
        before = ordered.ids()
        changed = ordered.put(row.id, None if gone else row)
        held.pop(row.id, None)
        if not gone:
            held[row.id] = row
        if not changed:
            assert ordered.ids() == before
    anew = Ordered(sort_key(by, names), lambda row: passes(row, "pending", Filters()))
    anew.fill(held.values())
    assert ordered.ids() == anew.ids()
    assert ordered.rows == anew.rows
    assert len(ordered) == len(anew.ids())


@given(st.lists(st.integers(0, 20), unique=True), st.sets(st.integers(0, 20)), st.integers(0, 20))
def test_the_cursor_stays_or_goes_to_the_next_neighbour_else_the_previous(
    before: list[int], left: set[int], cursor: int
) -> None:
    names = [str(one) for one in before]
    after = {name: place for place, name in enumerate(name for name in names if int(name) not in left)}
    new = successor(names, str(cursor), after)
    if not after:
        assert new is None
    elif str(cursor) in after:
        assert new == str(cursor)
    elif str(cursor) in names:
        place = names.index(str(cursor))
        later = [name for name in names[place:] if name in after]
        assert new == (later[0] if later else [name for name in names[:place] if name in after][-1])
    else:
        assert new == next(iter(after))


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        (Filters(), True),
        (Filters(driver="drv_1"), True),
        (Filters(driver="drv_1", vehicle="veh_1"), True),
        (Filters(driver="drv_1", vehicle="veh_2"), False),
        (Filters(charging_station="chst_1"), False),
    ],
)
def test_filters_are_exact_and_all_of_them_hold(filters: Filters, fits: bool) -> None:
    assert passes(reservation(), "pending", filters) is fits


def test_an_expanded_driver_is_the_same_driver() -> None:
    assert passes(reservation(driver={"id": "drv_1", "name": "Maya"}), None, Filters(driver="drv_1"))


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [
        ("maya", "Maya Okafor", True),
        ("ok", "Maya Okafor", True),
        ("mok", "Maya Okafor", True),
        ("maok", "Maya Okafor", True),
        ("okma", "Maya Okafor", False),
        ("mar", "Mikkel Østergaard", False),
        ("gh204", "GH-204-KT", True),
        ("204kt", "GH-204-KT", True),
        ("lea", "Léa Fontaine", True),
        ("", "anybody", True),
    ],
)
def test_a_name_is_found_by_its_parts_and_their_beginnings(word: str, name: str, found: bool) -> None:
    assert abbreviates(word, name) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("res_17", True),
        ("RES_1", True),
        ("maya gh204", True),
        ("maya gh205", False),
        ("trip_9", True),
        ("nested deep", True),
        ("drv_1", True),
        ("zzz", False),
        ("   ", True),
    ],
)
def test_a_row_is_found_by_id_name_plate_and_metadata(query: str, found: bool) -> None:
    metadata: dict[str, Any] = {"trip": "trip_9", "nested": {"deep": 1}}
    row = reservation("res_17", metadata=metadata)
    assert Finder(query, Names(drv_1="Maya Okafor", veh_1="GH-204-KT")).matches(row) is found


@given(st.text(), st.integers(0, 40))
def test_a_text_is_cut_and_filled_to_whole_cells(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width
    assert cells(fit(text, width)) == width


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Mn", "Me"])), st.integers(2, 40))
def test_a_wrapped_text_fits_and_loses_no_letter(text: str, width: int) -> None:
    parts = wrap(text, width)
    assert all(cells(part) <= width for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
