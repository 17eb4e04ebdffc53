"""Safe text: what no terminal acts on, whatever it is made of."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from charge_tui.domain.text import safe, short_id

ANY = st.text(st.characters(codec=None))
NASTY = st.text(
    st.sampled_from("a\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\x9d\xad‎‏‪‮⁦⁩​‍⁠\ufeff�é́̀̂̈中🙂️\U000e0041\ud800\udfff⏎…"),
    max_size=80,
)
HARMFUL = {"Cc", "Cs", "Zl", "Zp"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(text=ANY | NASTY, limit=st.integers(1, 600))
@example(text="\x1b]52;c;aGk=\x07", limit=500)
@example(text="a" + "\u0301" * 50, limit=500)
@example(text="\U0010ffff\u0600\u180e\ufffe", limit=500)
def test_nothing_that_a_terminal_acts_on_comes_through(text: str, limit: int) -> None:
    shown = safe(text, limit)
    assert len(shown) <= limit
    for char in shown:
        assert unicodedata.category(char) not in HARMFUL, hex(ord(char))
        assert char not in BIDI
    shown.encode()


@given(text=ANY | NASTY, limit=st.integers(1, 600))
def test_safe_text_is_left_as_it_is(text: str, limit: int) -> None:
    once = safe(text, limit)
    assert safe(once, limit) == once


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_passes_untouched_up_to_the_limit(text: str) -> None:
    assert safe(text, max(len(text), 1)) == text
    if len(text) > 1:
        assert safe(text, len(text) - 1) == text[: len(text) - 2] + "…"


@pytest.mark.parametrize("text", ["Crème brûlée", "中文車輛", "🙂👍", "Ångström", "naïve", "שלום", "ไทยกำ", "हिन्दी"])
def test_ordinary_words_of_any_script_pass_untouched(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines", "two⏎lines"),
        ("two\r\nlines", "two⏎lines"),
        ("a\tb", "a b"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\x9b31m", "\ufffd31m"),
        ("abc\u202edef", "abc\ufffddef"),
        ("a\u0301\u0301\u0301\u0301\u0301", "a\u0301\u0301\u0301"),
        ("\ud800", "\ufffd"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_what_is_replaced_leaves_a_trace(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(text=ANY | NASTY, limit=st.integers(1, 8))
def test_a_huge_text_is_not_worked_through_to_its_end(text: str, limit: int) -> None:
    assert len(safe((text + "x") * 10_000, limit)) <= limit


@given(identity=ANY | NASTY, head=st.integers(1, 12), tail=st.integers(1, 12))
def test_a_short_id_is_safe_and_fits(identity: str, head: int, tail: int) -> None:
    shown = short_id(identity, head, tail)
    assert len(shown) <= head + tail + 1
    assert safe(shown) == shown


def test_a_short_id_keeps_both_ends() -> None:
    assert short_id("res_BzPpVflI7WIwvfvbLAU7MwYvKweypDnW") == "res_BzP…pDnW"
    assert short_id("res_1") == "res_1"
