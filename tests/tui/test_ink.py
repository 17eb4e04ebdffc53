"""Which cells of a line have to be painted again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.ink import difference
from charge_tui.tui.render.spans import Span


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("14m  GH-204-KT", "14m  GH-204-KT", None),
        ("14m  GH-204-KT", "13m  GH-204-KT", (1, 1)),
        ("1h15 品川 372", "1h15 品川 372", None),
        ("1h15 品川 372", "1h14 品川 372", (0, 20)),
        ("1h15 品川 372", "1h14 GH-204-KT", (0, 20)),
    ],
)
def test_what_differs_is_painted_and_nothing_else(before: str, after: str, expected: tuple[int, int] | None) -> None:
    assert difference((Span(before),), (Span(after),), 20) == expected


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_line_that_differs_within_the_width_is_never_taken_for_the_same(before: str, after: str) -> None:
    changed = difference((Span(before),), (Span(after),), 60)
    assert (changed is None) == (before.rstrip(" ") == after.rstrip(" "))
