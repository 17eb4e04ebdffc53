"""The log and the handover page as their user sees them."""

from pathlib import Path

from charge_tui.desk.log_entry import LogEntry
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.screens.handover import HandoverScreen
from charge_tui.tui.screens.log import LogScreen
from tests.support.screen import Screen


class LogPage:
    """The log that is open on a desk's screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    @staticmethod
    async def open(screen: Screen) -> "LogPage":
        """Press its key, and wait until it was read."""
        await screen.press("l")
        page = LogPage(screen)
        await screen.until(lambda: isinstance(screen.app.screen, LogScreen), "the log is open")
        return page

    @property
    def view(self) -> LogScreen:
        """The screen itself."""
        found = self._screen.app.screen
        assert isinstance(found, LogScreen)
        return found

    @property
    def lines(self) -> list[str]:
        """What stands in it, line by line."""
        table = self.view.table
        return [table.render_line(y).text.rstrip() for y in range(min(table.size.height, len(table.ids)))]

    @property
    def here(self) -> LogEntry:
        """The entry under the cursor."""
        assert self.view.entry is not None
        return self.view.entry

    async def until_lines(self, count: int) -> None:
        """Wait until it has so many lines, and those on the screen were read."""
        await self._screen.until(
            lambda: len(self.view.table.ids) == count and (not count or self.view.entry), f"the log has {count} lines"
        )

    async def until_told(self, *words: str) -> None:
        """Wait until all these words stand on the screen."""
        await self._screen.until_shown(*words)

    async def export(self, folder: Path, turns: int = 0) -> None:
        """Write what is shown to a folder, in another form after so many turns."""
        await self._screen.press("E")
        await write_to(self._screen, folder, turns)


class HandoverPage:
    """The handover page that is open on a desk's screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    @staticmethod
    async def open(screen: Screen) -> "HandoverPage":
        """Press its key, and wait until it was made."""
        await screen.press("H")
        await screen.until(lambda: isinstance(screen.app.screen, HandoverScreen), "the handover page is open")
        await screen.until_shown("Told since")
        return HandoverPage(screen)

    @property
    def view(self) -> HandoverScreen:
        """The screen itself."""
        found = self._screen.app.screen
        assert isinstance(found, HandoverScreen)
        return found

    @property
    def text(self) -> str:
        """All of the page, what is scrolled out included."""
        return "\n".join(text_of(line) for line in self.view.text.lines)

    async def until_told(self, *words: str) -> None:
        """Wait until all these words stand on the page."""
        await self._screen.until(lambda: all(word in self.text for word in words), f"the page tells {words}")

    async def write_note(self, text: str) -> None:
        """Type into the note, and go back to the page."""
        await self._screen.press("tab")
        await self._screen.type(text)
        await self._screen.press("escape")

    async def export(self, folder: Path) -> None:
        """Write the page to a folder."""
        await self._screen.press("E")
        await write_to(self._screen, folder)


async def write_to(screen: Screen, folder: Path, turns: int = 0) -> None:
    """Fill in the form of an export, and wait until the file is there."""
    await screen.until_shown("Enter writes a new file there")
    screen.typing.value = str(folder)
    await screen.press(*["tab"] * turns, "enter")
    await screen.until_shown("written: ")


def file_in(folder: Path, ending: str) -> Path:
    """The one file of a folder with that ending."""
    (found,) = folder.glob(f"*.{ending}")
    return found
