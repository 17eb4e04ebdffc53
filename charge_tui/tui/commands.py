"""The one registry of commands: bindings, footer, palette, help page and the README's table of keys come from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from textual.binding import Binding
from textual.keys import format_key

from charge_tui.records import dataclass
from charge_tui.tui.views import VIEWS

Group = Literal["Views", "Moving", "Looking", "Finding", "Acting", "Forms", "Desk"]
When = Literal[
    "always", "row", "paged", "held", "filtered", "form", "board", "finding",
    "writable", "pending", "confirmed", "open", "again", "marked", "edited", "unknown",
]  # fmt: skip
"""What must be the case for a command to make sense: a row under the cursor, a view that the server pages, …

From ``writable`` on, writing must be open besides; ``form`` is for keys that only forms have, ``board`` for those that
act on the board alone.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a person can ask of the desk."""

    id: str
    title: str
    """What the footer and the palette call it."""
    keys: str
    """Its keys in Textual's names, separated by commas."""
    group: Group
    about: str
    """What the help page says it does."""
    weight: int = 0
    """Its place in the footer, the smallest first; 0 stays out of the footer."""
    when: When = "always"
    foot: When = "always"
    """What must be the case, besides, for it to stand in the footer."""
    palette: bool = True


COMMANDS: Final[tuple[Command, ...]] = (
    *(
        Command(f"view_{view.name}", view.title, view.key, "Views", f"show {view.title.lower()} reservations")
        for view in VIEWS
    ),
    Command("down", "Down", "j,down", "Moving", "next reservation", palette=False),
    Command("up", "Up", "k,up", "Moving", "previous reservation", palette=False),
    Command("top", "Top", "g,home", "Moving", "first reservation", palette=False),
    Command("bottom", "Bottom", "G,end", "Moving", "last reservation", palette=False),
    Command("page_down", "Page down", "pagedown", "Moving", "a screenful down", palette=False),
    Command("page_up", "Page up", "pageup", "Moving", "a screenful up", palette=False),
    Command("next_page", "Next page", "right_square_bracket", "Moving",
            "next page of the server, or a screenful down where the list is whole", 60, foot="paged"),
    Command("previous_page", "Previous page", "left_square_bracket", "Moving",
            "previous page of the server, or a screenful up", 61, foot="paged"),
    Command("open", "Detail", "enter", "Moving", "open the detail, or back to the table", 10, "row"),
    Command("next_pane", "Next pane", "tab", "Moving", "go to the next pane", palette=False),
    Command("previous_pane", "Previous pane", "shift+tab", "Moving", "go to the previous pane", palette=False),
    Command("back", "Back", "escape", "Moving", "close, clear what was searched for, back to the table", palette=False),
    Command("board_right", "Along", "right", "Moving", "on the board: next reservation of the line", when="board",
            palette=False),
    Command("board_left", "Back along", "left", "Moving", "on the board: previous reservation of the line",
            when="board", palette=False),
    Command("board_later", "Later", "greater_than_sign,shift+right", "Moving",
            "on the board: a quarter of the hours later", 4, "board"),
    Command("board_earlier", "Earlier", "less_than_sign,shift+left", "Moving",
            "on the board: a quarter of the hours earlier", 51, "board"),
    Command("board_now", "Now", "0", "Moving", "on the board: back to the coming hours", 52, "board"),
    Command("find", "Find", "slash", "Finding", "find in what is loaded: id, driver, plate, station, metadata", 20),
    Command("filter", "Filter", "f", "Finding", "show one driver, vehicle or station only", 30),
    Command("clear_filter", "Clear filter", "F", "Finding", "show all drivers, vehicles and stations", 31, "filtered"),
    Command("open_id", "Open id", "o", "Finding", "open any reservation by its id", 40),
    Command("fix", "Send fix", "y", "Acting",
            "the first proposal of a finding: from the detail it is sent, from the table it is shown first; "
            "in the detail 2 and 3 send the others", 9, "finding", "finding"),
    Command("edit", "Edit", "e", "Acting", "change a pending reservation", 11, "pending", "pending"),
    Command("new", "New", "n", "Acting", "book a new reservation", 16, "writable", "writable"),
    Command("confirm", "Confirm", "c", "Acting", "have a pending one confirmed now, or all marked ones",
            12, "pending", "pending"),
    Command("cancel", "Cancel", "x", "Acting", "cancel a pending or confirmed one, or all marked ones",
            13, "open", "open"),
    Command("move", "Move", "m", "Acting", "another window for a confirmed one: book it, then cancel the old",
            14, "confirmed", "confirmed"),
    Command("again", "Book again", "b", "Acting", "book a copy of a failed, expired or cancelled one, or of all marked",
            15, "again", "again"),
    Command("acknowledge", "Ack", "a", "Acting",
            "acknowledge a finding, or take that back; with marks, those of all marked ones", 15, "finding", "finding"),
    Command("acknowledge_all", "Ack all", "A", "Acting",
            "acknowledge all shown but the critical ones; again within 10 seconds takes it back"),
    Command("handled", "Handled", "d", "Acting", "say that a finding is handled, and how", 15, "finding", "finding"),
    Command("snooze", "Snooze", "w", "Acting", "put a finding off until a time, or until it clears",
            15, "finding", "finding"),
    Command("undo", "Undo", "u", "Acting", "take back the last edit", 17, "writable", "edited"),
    Command("mark", "Mark", "space", "Acting", "mark it, or no more; then c, x and b act on all marked ones",
            18, "row", "row"),
    Command("mark_all", "Mark all", "asterisk", "Acting", "mark every reservation of the list", 0, "row"),
    Command("clear_marks", "Clear marks", "M", "Acting", "mark nothing any more", 19, "marked", "marked"),
    Command("unknown", "Unknown outcomes", "U", "Acting",
            "writes whose answer was lost: look, send again with the same key, or decide", 5, "unknown", "unknown"),
    Command("form_save", "Save", "ctrl+s,f10", "Forms", "send what the form says", when="form", palette=False),
    Command("form_later", "Later", "ctrl+down,f8", "Forms", "the whole window 15 minutes later", when="form",
            palette=False),
    Command("form_earlier", "Earlier", "ctrl+up,f7", "Forms", "the whole window 15 minutes earlier", when="form",
            palette=False),
    Command("form_reset", "As it was", "ctrl+r,f9", "Forms", "every field as it was, and no draft", when="form",
            palette=False),
    Command("sort", "Sort", "s", "Looking", "order by the next column, where the whole list is here", 50, "held"),
    Command("columns", "Columns", "v", "Looking", "choose the columns of this view", 90),
    Command("zone", "Time zone", "z", "Looking", "show times in the next zone: configured, local, UTC", 80),
    Command("raw", "Raw JSON", "J", "Looking", "the reservation's JSON as the API sends it", 70, "row"),
    Command("copy", "Copy id", "Y", "Looking", "copy the id to the terminal's clipboard; again: the JSON", 75, "row"),
    Command("why", "Why", "i", "Looking", "the finding explained: facts, rule, what to do, what was said",
            15, "row", "finding"),
    Command("verdicts", "Verdicts", "W", "Looking",
            "what is snoozed, acknowledged and handled, by whom and until when; wakes it or takes it back"),
    Command("board", "Board", "t", "Looking", "the coming hours as bars, and back to the table", 20),
    Command("board_lanes", "Lanes", "L", "Looking", "on the board: lanes by station, vehicle or driver", 2, "board"),
    Command("board_in", "Closer", "plus,equals_sign", "Looking", "on the board: fewer hours, down to 2", 3, "board"),
    Command("board_out", "Farther", "minus", "Looking", "on the board: more hours, up to 24", 50, "board"),
    Command("log", "Log", "l", "Looking", "what changed and what was done, the newest first", 56),
    Command("handover", "Handover", "H", "Looking", "the page for whoever takes over, and its note", 57),
    Command("refresh", "Refresh", "r", "Desk", "read now", 55),
    Command("pause", "Pause", "p", "Desk", "freeze order and paint for at most 10 minutes; reading goes on", 65),
    Command("problems", "Problems", "exclamation_mark", "Desk",
            "how far the picture can be trusted, and what is wrong"),
    Command("mouse", "Mouse on, off", "T", "Desk", "give the mouse to the terminal, and take it back"),
    Command("help", "Help", "question_mark", "Desk", "all keys", 21),
    Command("palette", "Commands", "colon,ctrl+p", "Desk", "find a command by its name", palette=False),
    Command("suspend", "Suspend", "ctrl+z", "Desk", "back to the shell; fg brings the desk back", palette=False),
    Command("quit", "Quit", "q,ctrl+q", "Desk", "leave the desk", 95),
)  # fmt: skip
"""All commands, in the order of the help page."""

BY_ID: Final = {command.id: command for command in COMMANDS}

_SHOWN: Final = {
    "slash": "/", "question_mark": "?", "exclamation_mark": "!", "colon": ":", "left_square_bracket": "[",
    "right_square_bracket": "]", "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab",
    "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "up": "↑", "down": "↓", "left": "←",
    "right": "→", "space": "Space", "backspace": "Backspace", "delete": "Del", "plus": "+", "minus": "-",
    "equals_sign": "=", "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip
_NAMED: Final = {shown: name for name, shown in _SHOWN.items() if len(shown) == 1} | {",": "comma", " ": "space"}


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every command after the settings had their say."""

    keys: Mapping[str, str]
    """By command id, Textual's names separated by commas."""
    problems: tuple[str, ...] = ()
    """Settings that could not be followed, each as a sentence."""

    def bindings(self, *, form: bool = False) -> list[Binding]:
        """The same for Textual: those of the desk, or those of a form, which come before the field's own keys."""
        return [
            Binding(
                self.keys[command.id],
                f"command('{command.id}')",
                command.title,
                show=False,
                priority=form,
                id=command.id,
            )
            for command in COMMANDS
            if (command.when == "form") is form
        ]

    def changed(self) -> dict[str, str]:
        """The keys that the settings moved: Textual goes through these for each binding at each key."""
        return {id: keys for id, keys in self.keys.items() if keys != BY_ID[id].keys}

    def hints(self, commands: Iterable[Command]) -> list[tuple[str, str, str]]:
        """For the footer: first key, title and id of those that have a place there, the most useful first."""
        placed = sorted((command for command in commands if command.weight), key=lambda command: command.weight)
        return [(self.shown(command.id, 1), command.title, command.id) for command in placed]

    def shown(self, id: str, limit: int = 9) -> str:
        """A command's keys as a person reads them ("j ↓")."""
        return " ".join(shown_key(key) for key in self.keys[id].split(",")[:limit])


def shown_key(key: str) -> str:
    """A key as a person reads it ("/" for slash, "Ctrl+P" for ctrl+p)."""
    if key in _SHOWN:
        return _SHOWN[key]
    if "+" in key:
        return "+".join(part.capitalize() if len(part) > 1 else part.upper() for part in key.split("+"))
    if key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return key if len(key) == 1 else format_key(key)


def keymap(overrides: Mapping[str, str]) -> Keymap:
    """The registry's keys with those of the settings in their place.

    A setting for an unknown command, an empty one, and one whose key belongs to another command are not followed, and
    told in ``problems``.
    """
    keys = {command.id: command.keys for command in COMMANDS}
    problems: list[str] = []
    wanted: dict[str, str] = {}
    for id, given in overrides.items():
        parts = [_named(part.strip()) for part in given.split(",") if part.strip()] or (
            ["comma"] if given.strip() == "," else []
        )
        if id not in BY_ID:
            problems.append(f"keys.{id}: there is no such command; ? lists them.")
        elif not parts:
            problems.append(f"keys.{id}: no key given, so it stays on {_spoken(keys[id])}.")
        else:
            wanted[id] = ",".join(parts)
    keys |= wanted
    for id in list(wanted):
        clash = _clash(id, keys)
        if clash:
            problems.append(
                f"keys.{id}: {clash[0]} belongs to {BY_ID[clash[1]].title}, so it stays on {_spoken(BY_ID[id].keys)}."
            )
            keys[id] = BY_ID[id].keys
    for id in list(wanted):
        if keys[id] == wanted[id] and _clash(id, keys):
            keys[id] = BY_ID[id].keys
    return Keymap(keys, tuple(problems))


def _clash(id: str, keys: Mapping[str, str]) -> tuple[str, str] | None:
    own = set(keys[id].split(","))
    for other, theirs in keys.items():
        shared = own & set(theirs.split(",")) if other != id else set()
        if shared:
            return shown_key(sorted(shared)[0]), other
    return None


def _named(key: str) -> str:
    by_shown = {shown.casefold(): name for name, shown in _SHOWN.items()}
    if len(key) == 1:
        return _NAMED.get(key, key)
    return by_shown.get(key.casefold(), key if key in _SHOWN else key.lower())


def _spoken(keys: str) -> str:
    return " ".join(shown_key(key) for key in keys.split(","))


def by_group(commands: Sequence[Command] = COMMANDS) -> dict[str, list[Command]]:
    """The commands by group, in the order of the registry."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    return groups


def markdown(keys: Keymap | None = None) -> str:
    """The table of keys for the README."""
    keys = keys or keymap({})
    lines = ["| key | does | id |", "| --- | --- | --- |"]
    for command in COMMANDS:
        shown = " ".join(f"`{shown_key(key)}`" for key in keys.keys[command.id].split(","))
        lines.append(f"| {shown} | {command.about} | {command.id} |")
    return "\n".join(lines) + "\n"
