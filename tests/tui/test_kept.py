"""What a screen keeps while it goes on: lines that were painted, keys that the settings moved, what a desk noticed."""

from datetime import timedelta

from charge_tui.desk.history import History
from charge_tui.desk.state import Change
from charge_tui.domain.diff import changes
from charge_tui.tui.commands import COMMANDS, keymap
from tests.support.reservations import NOON, reservation
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen


async def test_painted_lines_that_were_scrolled_away_are_let_go(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(reservations=400, open=300), view="pending") as desk:
        table = desk.desk_screen.table
        for _ in range(12):
            await desk.press("pagedown")
        assert table.place is not None
        assert table.place > 150
        assert (
            len(table._painted) <= 5 * table.size.height
        )  # and one more screenful than is kept, until it is looked at
        assert len(table._strips) <= 5 * table.size.height + 12  # twelve were under the cursor
        table.touch_visible()
        assert len(table._painted) <= table.size.height
        assert len(table._strips) <= 2 * table.size.height


def test_only_keys_that_were_moved_are_gone_through_at_each_key() -> None:
    assert keymap({}).changed() == {}
    moved = keymap({"refresh": "f5"})
    assert moved.changed() == {"refresh": "f5"}
    assert {command.id for command in COMMANDS} == set(moved.keys)


def test_what_was_noticed_of_a_reservation_goes_with_it() -> None:
    history = History()
    for number in range(3):
        before = reservation(f"res_{number}")
        after = reservation(f"res_{number}", status="confirmed", updated=NOON)
        history.note(Change(before.id, before, after, changes(before, after), NOON + timedelta(1), "poll"))
    history.forget(["res_0", "res_9"])
    assert not history.of("res_0")
    assert len(history.of("res_1")) == 1
