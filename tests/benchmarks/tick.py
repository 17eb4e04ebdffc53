"""What a second costs the desk, with 100, 1,000 and 10,000 open reservations: nothing in it may grow with their number.

Run as ``python -m tests.benchmarks.tick``; ``--json`` prints the figures as JSON, ``--open N`` takes another largest
size. Times are milliseconds of the processor, without painting. A second is all that the screen asks when one has
passed; a page is what the desk does with 100 rows of a list that are as they were, or one of them another, with the
next decision of what to read and the writing of the picture's file.
"""

import gc
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from charge_tui.desk.picture import Inline, PictureStore
from charge_tui.desk.state import Delta
from charge_tui.desk.walk import stretch
from charge_tui.domain.reservation import Reservation
from charge_tui.tui.render.truth import Truth, title, truth_line
from charge_tui.tui.workspace import Workspace
from tests.benchmarks.attention import fleet
from tests.benchmarks.timing import Figures, figures, tell, timed
from tests.support.handdesk import HandDesk

SIZES: Final = (100, 1_000, 10_000)
_PAGE: Final = 100
_WIDTH: Final = 120


def measure(largest: int = 10_000, rounds: int = 200) -> Figures:
    """Median and worst milliseconds of each kind of work, by the number of open reservations."""
    sizes = [size for size in SIZES if size < largest] + [largest]
    return {name: figures(times) for size in sizes for name, times in _one(size, rounds).items()}


def _one(size: int, rounds: int) -> dict[str, list[float]]:
    with TemporaryDirectory() as folder:
        store = PictureStore(Path(folder) / "picture.sqlite", Inline())
        try:
            return _with(store, size, rounds)
        finally:
            store.close()


def _with(store: PictureStore, size: int, rounds: int) -> dict[str, list[float]]:
    rows = [_booked(row, number) for number, row in enumerate(fleet(size))]
    hand = HandDesk(*rows, picture=store).looked()
    space = Workspace(hand.desk, hand.watch, view="attention", zone=UTC, zone_name="UTC")
    hand.desk.subscribe(lambda delta: _absorb(space, delta))
    pages = [tuple(rows[at : at + _PAGE]) for at in range(0, size, _PAGE)]
    gc.collect()
    gc.freeze()
    taken: dict[str, list[float]] = {"a second": [], "a page as it was": [], "a page with one change": []}
    for number in range(rounds):
        hand.clock.at += 1
        taken["a second"].append(timed(_second, hand, space))
        page = pages[number % len(pages)]
        taken["a page as it was"].append(timed(_page, hand, page))
        edited = (_edited(page[0], number), *page[1:])
        taken["a page with one change"].append(timed(_page, hand, edited))
        hand.desk.take(page, hand.clock.at, "poll")
    gc.unfreeze()
    return {f"{name}, {size:,} open": times for name, times in taken.items()}


def _second(hand: HandDesk, space: Workspace) -> object:
    """What the screen asks each second, and what stands on its edges then."""
    hand.watch.tick()
    look, feed = space.look(), hand.desk.feed()
    space.settle()
    space.urgency.news()
    space.counts()
    cursor = space.ids[0]
    standing: Callable[[str], object] = space.standing
    truth = Truth(
        mode="TEST",
        host="localhost",
        feed=feed,
        now=look.now,
        zone=space.zone,
        needs=space.needs(),
        critical=0,
        deadline=space.next_deadline(),
    )
    return standing(cursor), hand.desk.age(cursor), hand.desk.history(cursor), truth_line(truth, _WIDTH), title(truth)


def _page(hand: HandDesk, page: tuple[Reservation, ...]) -> None:
    """What the poller hands over for one page of a walk, and how it decides what comes next."""
    desk, asked = hand.desk, hand.clock.at
    desk.take(page, asked, "poll")
    pending = [row for row in page if row.status == "pending"]
    covered = stretch(pending, "pending", pending[0].created, last=False)
    if covered:
        desk.take_stretch(covered, asked)
    desk.step_done()
    desk.feed()
    desk._plan.next(asked)


def _absorb(space: Workspace, delta: Delta) -> None:
    space.absorb(delta)
    space.turn(held=False)


def _booked(row: Reservation, number: int) -> Reservation:
    """The same, booked in turn, as the pages of a list have them: the newest first."""
    return row.model_copy(update={"created": row.created - timedelta(seconds=number)})


def _edited(row: Reservation, number: int) -> Reservation:
    return row.model_copy(update={"reservation_fee": number})


def main() -> None:
    """Print the figures."""
    tell("what a second costs the desk", measure, default=SIZES[-1])


if __name__ == "__main__":
    main()
