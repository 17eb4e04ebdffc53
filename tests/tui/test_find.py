"""What a typed query finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.find import abbreviates


@pytest.mark.parametrize(
    ("word", "name", "found"),
    [
        ("oka", "Maya Okafor", True),
        ("mok", "Maya Okafor", True),
        ("gh204", "GH-204-KT", True),
        ("elodie", "Élodie Blanchard", True),
        ("mx", "Maya Okafor", False),
        ("x" * 5_000, "Maya Okafor " * 40, False),
    ],
)
def test_names_are_found_as_written_and_abbreviated(word: str, name: str, found: bool) -> None:
    assert abbreviates(word, name) is found


@given(st.text(max_size=200), st.text(max_size=8))
def test_a_word_longer_than_a_name_is_never_in_it(word: str, name: str) -> None:
    if len(word) > 20 * len(name) + 4:
        assert not abbreviates(word, name)
