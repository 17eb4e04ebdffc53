"""An order that is held: nothing moves, nothing is lost, and one step later everything is where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.holding import Holding

orders = st.lists(st.integers(0, 12), unique=True)


@given(orders, st.lists(orders))
def test_while_it_is_held_no_known_line_moves_and_none_comes_in(first: list[int], later: list[list[int]]) -> None:
    holding: Holding[int] = Holding()
    holding.offer([99, *first], held=False)
    for wanted in later:
        assert not holding.offer(wanted, held=True)
        assert holding.shown == (99, *first)


@given(st.lists(st.tuples(orders, st.booleans())))
def test_nothing_is_lost(steps: list[tuple[list[int], bool]]) -> None:
    holding: Holding[int] = Holding()
    for wanted, held in steps:
        before = holding.shown
        changed = holding.offer(wanted, held=held)
        assert changed == (holding.shown != before)
        assert set(wanted) <= set(holding.shown) | holding.waiting
        assert holding.over == set(holding.shown) - set(wanted)
        assert holding.behind == (list(holding.shown) != wanted)
    holding.take()
    assert not holding.behind
    assert not holding.over
    assert not holding.waiting
    assert holding.shown == (tuple(steps[-1][0]) if steps else ())


def test_an_empty_list_holds_nothing_back() -> None:
    holding: Holding[int] = Holding()
    assert holding.offer([1, 2], held=True)
    assert holding.shown == (1, 2)
