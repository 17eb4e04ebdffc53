"""What the board costs with 5,000 open reservations: by station, vehicle and driver, each thing that a person does.

Run as ``python -m tests.benchmarks.board``; ``--json`` prints the figures as JSON, ``--open N`` takes another size.
Times are milliseconds of the processor for what stands where and for drawing the lines of a screen of 200x60.
"""

import gc
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Final

from charge_tui.domain.reservation import Reservation
from charge_tui.tui.board import BoardState
from charge_tui.tui.render.board import BYS, By
from charge_tui.tui.render.board_draw import Brush, axis_lines, label_width, lane_line
from charge_tui.tui.render.look import Look
from tests.benchmarks.attention import fleet
from tests.benchmarks.timing import figures, tell, timed
from tests.support.boards import look
from tests.support.reservations import NOON

_WIDTH: Final = 200
_HEIGHT: Final = 57


def measure(count: int = 5000, rounds: int = 20) -> dict[str, dict[str, float]]:
    """Median and worst milliseconds of each thing, by what a lane is."""
    rows = [row for row in _stationed(fleet(count)) if row.status in ("pending", "confirmed")]
    gc.collect()
    gc.freeze()
    return {f"{name}, by {by}": figures(times) for by in BYS for name, times in _one(rows, by, rounds).items()}


def _one(rows: list[Reservation], by: By, rounds: int) -> dict[str, list[float]]:
    now = [NOON]

    def seen() -> Look:
        return look(now[0])

    def fresh() -> BoardState:
        board = BoardState(seen)
        board.by = by
        board.resize(_WIDTH - label_width(_WIDTH), _HEIGHT)
        return board

    first = [timed(partial(board.show, rows, None, anew=True)) for board in [fresh() for _ in range(7)]]
    board = fresh()
    board.show(rows, None, anew=True)
    board.move(0)
    found: dict[str, list[float]] = {"first layout": first}
    changed = [_with_one_moved(rows, number) for number in range(1, 8)]
    found["a refresh with one change"] = [timed(partial(board.show, some, board.cursor)) for some in changed]
    found["zoom"] = [timed(partial(board.zoom_by, step)) for step in (1, -1, -1, 1) * (rounds // 4)]
    found["scroll by a quarter"] = [timed(partial(board.scroll_hours, step)) for step in (1, -1) * rounds]
    found["cursor a line down"] = [timed(partial(board.move, 1)) for _ in range(rounds)]
    found["cursor to the next bar"] = [timed(board.advance) for _ in range(rounds)]
    found["drawing the screen"] = [timed(partial(_draw, board, Brush(seen(), lambda _: ("", "")))) for _ in range(20)]
    now[0] += timedelta(seconds=30)
    found["half a minute passes"] = [timed(board.pass_time) for _ in range(rounds)]
    return found


def _draw(board: BoardState, brush: Brush) -> None:
    axis_lines(board.plan, brush, _WIDTH)
    for number in range(board.top, board.bottom):
        lane_line(board.plan.lines[number], board.plan, brush, _WIDTH, top=number == board.top)


def _stationed(rows: Iterable[Reservation]) -> list[Reservation]:
    """The same, the confirmed ones at one of 400 stations."""
    return [
        row.model_copy(update={"charging_station": f"chst_{number % 400}"}) if row.status == "confirmed" else row
        for number, row in enumerate(rows)
    ]


def _with_one_moved(rows: list[Reservation], number: int) -> list[Reservation]:
    row = rows[number]
    by = timedelta(minutes=10)
    moved = row.model_copy(update={"ideal_start": row.ideal_start + by, "ideal_end": row.ideal_end + by})
    return [*rows[:number], moved, *rows[number + 1 :]]


def main() -> None:
    """Print the figures."""
    tell("what the board costs", measure)


if __name__ == "__main__":
    main()
