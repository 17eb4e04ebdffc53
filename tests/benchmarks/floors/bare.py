"""Bare Textual: a header, a footer, and a label that counts keys."""

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Label


class Bare(App[None]):
    """As little as paints something for each key."""

    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - not declared as a class variable by Textual
    keys = 0

    def compose(self) -> ComposeResult:
        """The three of them."""
        yield Header()
        yield Label("keys: 0", id="count")
        yield Footer()

    def on_key(self, _event: events.Key) -> None:
        """Count."""
        self.keys += 1
        self.query_one("#count", Label).update(f"keys: {self.keys}")


if __name__ == "__main__":
    Bare().run()
