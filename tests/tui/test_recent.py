"""What changed on a row bears an accent until somebody saw it."""

from charge_tui.domain.diff import FieldChange
from charge_tui.tui.recent import FADE, KEPT, MOST, Recent, columns_of

MOVED = (FieldChange("reserved_start", 1, 2), FieldChange("status", "pending", "confirmed"))


def test_a_change_is_seen_in_the_columns_of_its_fields() -> None:
    assert columns_of(MOVED) == {"in", "day", "window", "drift", "status"}
    assert columns_of([FieldChange("metadata", {}, {"a": 1})]) == frozenset()


def test_two_changes_of_a_row_add_up_and_a_visit_ends_both() -> None:
    recent = Recent()
    recent.note("res_1", MOVED, 0)
    recent.note("res_1", [FieldChange("vehicle", "a", "b")], 1)
    assert recent.of("res_1") >= {"vehicle", "status"}
    assert recent.visit("res_1")
    assert not recent.of("res_1")
    assert not recent.visit("res_1")
    assert not recent.visit(None)


def test_it_fades_some_time_after_somebody_could_see_it() -> None:
    recent = Recent()
    recent.note("res_1", MOVED, 0)
    assert not recent.fade(100, present=False)
    assert not recent.fade(101, present=True)
    assert not recent.fade(101 + FADE - 1, present=False)
    assert recent.fade(101 + FADE, present=False) == {"res_1"}
    assert not recent.fade(200, present=True)


def test_while_nobody_is_there_it_is_kept_for_long_but_not_for_ever() -> None:
    recent = Recent()
    recent.note("res_1", MOVED, 0)
    assert not recent.fade(KEPT - 1, present=False)
    assert recent.fade(KEPT, present=False) == {"res_1"}


def test_what_changes_everywhere_stands_out_nowhere() -> None:
    recent = Recent()
    for number in range(MOST + 10):
        recent.note(f"res_{number}", MOVED, 0)
    assert recent.of(f"res_{MOST - 1}")
    assert not recent.of(f"res_{MOST}")
    recent.clear()
    assert not recent.of("res_0")
