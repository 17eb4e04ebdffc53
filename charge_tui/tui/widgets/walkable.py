"""What a pane has on which the cursor is walked from reservation to reservation."""

from typing import Protocol, Self


class Walkable(Protocol):
    """The table, or the board in its place."""

    @property
    def has_focus(self) -> bool:
        """Whether keys act on it."""

    def focus(self, scroll_visible: bool = True) -> Self:
        """Let keys act on it."""

    def move(self, steps: int) -> None:
        """That many lines down."""

    def move_page(self, pages: int) -> None:
        """That many screenfuls down."""

    def first(self) -> None:
        """To the first line."""

    def last(self) -> None:
        """To the last line."""
