"""What is remembered of a view, and what a step of the desk asks of the screen."""

from dataclasses import field

from charge_tui.desk.state import ServerPage
from charge_tui.domain.reservation import Row
from charge_tui.records import dataclass


@dataclass(slots=True)
class Place:
    """What is remembered of a view while another one is open."""

    sort: str
    descending: bool = False
    cursor: str | None = None
    columns: tuple[str, ...] = ()
    page: ServerPage | None = None
    fault: str = ""
    """Why the page could not be read; empty when it could."""
    loading: bool = False
    marks: dict[str, Row] = field(default_factory=dict)
    """What is marked, each as it was then: a row of another page is not at hand any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the screen has to do about a step of the desk."""

    order: bool = False
    touched: frozenset[str] = field(default_factory=frozenset)
