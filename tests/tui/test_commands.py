"""The registry: one key for one command, remappable, with every complaint in words."""

from hypothesis import given
from hypothesis import strategies as st

from charge_tui.tui.commands import BY_ID, COMMANDS, keymap, markdown, shown_key
from charge_tui.tui.screens.desk import DeskScreen
from tests.support.sandbox import SandboxMaker
from tests.support.screen import Screen


def test_no_key_has_two_commands() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    assert len(keys) == len(set(keys))
    assert not keymap({}).problems


def test_every_command_is_done_by_the_screen() -> None:
    for command in COMMANDS:
        if command.when != "form":
            assert command.id.startswith("view_") or hasattr(DeskScreen, f"do_{command.id}"), command.id


def test_keys_of_the_settings_take_the_place_of_the_usual_ones() -> None:
    keys = keymap({"find": "ctrl+f", "pause": "P, backspace", "problems": "comma"})
    assert not keys.problems
    assert keys.keys["find"] == "ctrl+f"
    assert keys.keys["pause"] == "P,backspace"
    assert keys.shown("find") == "Ctrl+F"
    assert keys.shown("pause") == "P Backspace"


def test_keys_may_be_written_as_they_are_shown() -> None:
    assert keymap({"find": "?", "help": "/"}).keys["find"] == "question_mark"
    assert keymap({"refresh": "PgUp", "page_up": "Enter", "open": "r"}).keys["refresh"] == "pageup"


def test_what_cannot_be_followed_is_told_and_left_as_it_was() -> None:
    keys = keymap({"fly": "x", "find": "j", "sort": " "})
    assert keys.keys["find"] == "slash"
    assert keys.keys["down"] == "j,down"
    assert keys.keys["sort"] == "s"
    assert len(keys.problems) == 3
    assert any("keys.fly" in problem for problem in keys.problems)
    assert any("j belongs to Down" in problem for problem in keys.problems)


def test_two_commands_may_change_places() -> None:
    keys = keymap({"refresh": "s", "sort": "r"})
    assert not keys.problems
    assert (keys.keys["refresh"], keys.keys["sort"]) == ("s", "r")


def test_a_comma_is_a_key_like_any_other() -> None:
    keys = keymap({"acknowledge": ","})
    assert keys.keys["acknowledge"] == "comma"
    assert not keys.problems


@given(st.dictionaries(st.sampled_from(sorted(BY_ID)), st.text(max_size=6), max_size=5))
def test_whatever_the_settings_say_no_key_has_two_commands(overrides: dict[str, str]) -> None:
    keys = keymap(overrides).keys
    every = [key for given in keys.values() for key in given.split(",")]
    assert len(every) == len(set(every))
    assert all(every)


def test_the_table_of_keys_names_every_command() -> None:
    table = markdown()
    for command in COMMANDS:
        assert f"| {command.about} | {command.id} |" in table
    assert "| `/` |" in table
    assert shown_key("right_square_bracket") == "]"


async def test_a_remapped_key_works_and_the_old_one_does_not(make_sandbox: SandboxMaker) -> None:
    async with Screen.open(make_sandbox(), keys={"view_pending": "P", "fly": "x"}) as desk:
        assert "keys.fly" in desk.pane("status")
        await desk.press("3")
        assert desk.desk_screen.workspace.view.name == "attention"
        await desk.press("P")
        assert desk.desk_screen.workspace.view.name == "pending"
        await desk.press("exclamation_mark")
        await desk.until_shown("keys.fly: there is no such command")
