"""The eight views, as values."""

from typing import Final

from charge_tui.domain import lifecycle
from charge_tui.records import dataclass
from charge_tui.tui.render import columns


@dataclass(frozen=True, slots=True)
class View:
    """What the table can show."""

    key: str
    """The key that opens it."""
    name: str
    """Its name for the command line, the settings and the palette."""
    title: str
    short: str
    """Its name on a narrow screen."""
    status: str | None
    """The status that all its rows have, None for a mixture."""
    held: bool
    """Whether the desk holds it whole (one list, sortable, counted); else the server pages it."""
    columns: tuple[str, ...]


VIEWS: Final = (
    View("1", "attention", "Attention", "Attn", None, True, columns.ATTENTION),
    View("2", "all", "All", "All", None, False, columns.CLOSED),
    View("3", "pending", "Pending", "Pend", lifecycle.PENDING, True, columns.OPEN),
    View("4", "confirmed", "Confirmed", "Conf", lifecycle.CONFIRMED, True, columns.OPEN),
    View("5", "completed", "Completed", "Done", lifecycle.COMPLETED, False, columns.CLOSED),
    View("6", "cancelled", "Cancelled", "Canc", lifecycle.CANCELLED, False, columns.CLOSED),
    View("7", "failed", "Failed", "Fail", lifecycle.FAILED, False, columns.CLOSED),
    View("8", "expired", "Expired", "Expd", lifecycle.EXPIRED, False, columns.CLOSED),
)
"""In the order of the sidebar."""

BY_NAME: Final = {view.name: view for view in VIEWS}
