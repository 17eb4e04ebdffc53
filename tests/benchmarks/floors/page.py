"""A page of 100 reservations as Textual's own table shows it, without any HTTP."""

from typing import Final

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Footer, Header

ROWS: Final = 100


class Page(App[None]):
    """A table of as many columns as the desk's, whose cursor is a row."""

    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - not declared as a class variable by Textual

    def compose(self) -> ComposeResult:
        """Header, table, footer."""
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self) -> None:
        """Fill it."""
        table = self.query_one(DataTable)
        table.add_columns("", "Why", "In", "Window", "Vehicle", "Station", "Driver", "Stat")
        for number in range(ROWS):
            table.add_row(
                "!!", "not confirmed, late", f"{number}m", "03:28–04:58", f"GH{number:03}KT",
                f"Lyon Part-Dieu {number}", "Maya Okafor", "pend",
            )  # fmt: skip


if __name__ == "__main__":
    Page().run()
