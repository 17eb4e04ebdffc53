"""Forms and questions as their user sees them: pages of the screen, in the words of a dispatcher."""

from typing import Any

import httpx

from charge_tui.api.retry import RetryPolicy
from charge_tui.tui.render.spans import text_of
from charge_tui.tui.screens.bulk import BulkScreen
from charge_tui.tui.screens.conflict import ConflictScreen
from charge_tui.tui.screens.form import ReservationForm
from charge_tui.tui.screens.question import Question
from charge_tui.tui.screens.unknown import UnknownScreen
from tests.support.screen import Screen

AT_ONCE = RetryPolicy(retries=2, base=0.0, ceiling=0.0)
"""Three attempts with no wait in between."""


class Wire(httpx.AsyncHTTPTransport):
    """The real wire, remembering what left on it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return await super().handle_async_request(request)

    @property
    def posts(self) -> list[httpx.Request]:
        """The requests that change something, in their order."""
        return [one for one in self.sent if one.method == "POST"]


class Dispatcher:
    """A person at a desk who changes reservations."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    async def select(self, identity: str, view: str = "") -> "Dispatcher":
        """Put the cursor on a reservation, in that view."""
        desk = self.desk
        if view:
            await desk.press(view)
        await desk.until(lambda: identity in desk.table.ids, f"{identity} is in the table")
        await desk.press("g")
        while desk.table.cursor != identity:
            await desk.press("j")
        return self

    async def open_form(self, key: str) -> "FormPage":
        """Press the key of a form."""
        await self.desk.press(key)
        await self.desk.until(lambda: isinstance(self.desk.app.screen, ReservationForm), f"{key} opened a form")
        await self.desk.pilot.pause()
        return FormPage(self.desk)

    async def ask(self, key: str) -> "QuestionPage":
        """Press the key of a deed that asks first."""
        await self.desk.press(key)
        await self.desk.until(lambda: isinstance(self.desk.app.screen, Question), f"{key} asked a question")
        await self.desk.pilot.pause()
        return QuestionPage(self.desk)

    async def ask_many(self, key: str) -> "BulkPage":
        """Press the key of a deed for all that are marked."""
        await self.desk.press(key)
        await self.desk.until(lambda: isinstance(self.desk.app.screen, BulkScreen), f"{key} asked about many")
        await self.desk.pilot.pause()
        return BulkPage(self.desk)

    async def mark(self, *identities: str) -> None:
        """Mark reservations of this view, one after the other."""
        for identity in identities:
            await self.select(identity)
            await self.desk.press("space")

    async def unknown(self) -> "UnknownPage":
        """Open the page of what is not known."""
        await self.desk.press("U")
        await self.desk.until(lambda: isinstance(self.desk.app.screen, UnknownScreen), "the page is open")
        await self.desk.pilot.pause()
        return UnknownPage(self.desk)

    async def back_at_desk(self, *words: str) -> None:
        """Wait until nothing stands over the desk, and these words are in its status line."""
        desk = self.desk
        await desk.until(lambda: desk.app.screen is desk.desk_screen, "the desk is in front again")
        await desk.until(lambda: all(word in desk.pane("status") for word in words), f"{words} are told")


class FormPage:
    """A form."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def screen(self) -> ReservationForm:
        """The form's screen, whatever stands over it."""
        found = next(one for one in self.desk.app.screen_stack if isinstance(one, ReservationForm))
        assert isinstance(found, ReservationForm)
        return found

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return any(isinstance(one, ReservationForm) for one in self.desk.app.screen_stack)

    async def go(self, field: str) -> "FormPage":
        """To a field, by the arrow keys."""
        for _ in self.screen.fields:
            if self.screen.fields[field].input.has_focus:
                break
            await self.desk.press("down")
        assert self.screen.fields[field].input.has_focus
        return self

    async def type(self, field: str, text: str) -> "FormPage":
        """Write a text into a field instead of what is there, and leave it."""
        await self.go(field)
        await self.desk.press("end", "ctrl+u")
        line = self.screen.fields[field].input
        line.insert_text_at_cursor(text)
        await self.desk.pilot.pause()
        return self

    async def press(self, *keys: str) -> "FormPage":
        """Press keys in it."""
        await self.desk.press(*keys)
        return self

    async def save(self) -> "FormPage":
        """Save, and wait until it was answered or refused."""
        await self.desk.press("ctrl+s")
        await self.desk.until(lambda: not self.is_open or not self.screen.sending, "it was sent")
        await self.desk.pilot.pause()
        return self

    def text(self, field: str) -> str:
        """What stands in a field."""
        return self.screen.fields[field].input.value

    def note(self, field: str) -> str:
        """What stands below a field."""
        return " ".join(text_of(line).strip() for line in self.screen.fields[field].note.lines)

    def is_faulty(self, field: str) -> bool:
        """Whether a field bears the mark of an error."""
        return text_of(self.screen.fields[field].label.lines[0]).startswith("!")

    @property
    def pane(self) -> str:
        """What is said in the form, and what will be sent."""
        return " ".join(" ".join(text_of(line) for line in self.screen.pane.lines).split())

    async def conflict(self) -> "ConflictPage":
        """Wait for the three sides of a conflict."""
        await self.desk.until(lambda: isinstance(self.desk.app.screen, ConflictScreen), "the conflict is shown")
        await self.desk.pilot.pause()
        return ConflictPage(self.desk)


class ConflictPage:
    """Was, theirs and mine."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def text(self) -> str:
        """All of it."""
        screen = self.desk.app.screen
        assert isinstance(screen, ConflictScreen)
        return "\n".join(text_of(line) for line in (*screen.heading.lines, *screen.text.lines, *screen.foot.lines))


class QuestionPage:
    """A question before a deed."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def screen(self) -> Question:
        """The question's screen."""
        screen = self.desk.app.screen
        assert isinstance(screen, Question)
        return screen

    @property
    def text(self) -> str:
        """All of it, on one line."""
        screen = self.screen
        lines = (*screen.heading.lines, *screen.text.lines, *screen.foot.lines)
        return " ".join(" ".join(text_of(line) for line in lines).split())

    async def yes(self) -> "QuestionPage":
        """Say yes, and wait for what comes of it."""
        await self.desk.press("y")
        await self.desk.until(
            lambda: not isinstance(self.desk.app.screen, Question) or not self.screen.sending, "it was answered"
        )
        await self.desk.pilot.pause()
        return self


class BulkPage:
    """A question about many, and how each of them ended."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def screen(self) -> BulkScreen:
        """Its screen."""
        screen = self.desk.app.screen
        assert isinstance(screen, BulkScreen)
        return screen

    @property
    def text(self) -> str:
        """All of it."""
        screen = self.screen
        return "\n".join(text_of(line) for line in (*screen.heading.lines, *screen.text.lines, *screen.foot.lines))

    async def yes(self) -> "BulkPage":
        """Say yes, and wait until all are done."""
        await self.desk.press("y")
        await self.desk.until(lambda: self.screen.over, "all are done")
        await self.desk.pilot.pause()
        return self


class UnknownPage:
    """The page of writes whose outcome is not known."""

    def __init__(self, desk: Screen) -> None:
        self.desk = desk

    @property
    def text(self) -> str:
        """All of it, on one line."""
        screen = self.desk.app.screen
        assert isinstance(screen, UnknownScreen)
        return " ".join(" ".join(text_of(line) for line in (*screen.heading.lines, *screen.text.lines)).split())

    async def press(self, *keys: str) -> "UnknownPage":
        """Press keys, and wait for what comes of them."""
        await self.desk.press(*keys)
        screen = self.desk.app.screen
        assert isinstance(screen, UnknownScreen)
        await self.desk.until(lambda: not screen.sending, "it was answered")
        return self


def a_pending(sandbox: Any, number: int = 0) -> str:
    """A pending reservation, one that is far from its start."""
    rows = sorted(sandbox.find(status="pending"), key=lambda row: row["ideal_start"], reverse=True)
    return str(rows[number]["id"])


def writes(sandbox: Any, path: str) -> list[int]:
    """The statuses that requests which change something were answered with, by path."""
    return [one.status for one in sandbox.requests if one.method == "POST" and one.path == path]
