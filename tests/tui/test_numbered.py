"""Rows known by numbers: as a list of their ids is, and no id is made before it is asked for."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.numbered import Numbered

NUMBERS = st.lists(st.integers(0, 2**62), unique=True, max_size=30)


@given(NUMBERS, st.slices(30), st.text(max_size=3))
def test_they_are_what_a_list_of_ids_is(numbers: list[int], part: slice, text: str) -> None:
    ids, listed = Numbered(array("q", numbers)), [str(number) for number in numbers]
    assert list(ids) == listed
    assert len(ids) == len(listed)
    assert ids[part] == listed[part]
    assert dict(ids.places) == {id: place for place, id in enumerate(listed)}
    for place, id in enumerate(listed):
        assert ids[place] == id
        assert ids.index(id) == place
        assert id in ids
    assert (text in ids) == (text in listed)


@pytest.mark.parametrize("id", ["", "12x", "no number", str(2**80), "-1", "9", " 1", "1_0", "01"])
def test_what_is_not_among_them_is_nowhere(id: str) -> None:
    ids = Numbered(array("q", [3, 1, 2]))
    assert id not in ids
    assert ids.places.get(id) is None
    with pytest.raises(ValueError, match=id or ".*"):
        ids.index(id)


def test_an_order_of_100_000_makes_no_more_ids_than_are_looked_at() -> None:
    ids = Numbered(array("q", range(100_000, 0, -1)))
    assert ids[:40][-1] == "99961"
    assert ids[-1] == "1"
    assert ids.places["5"] == 99_995
    assert len(ids._near) == 42
