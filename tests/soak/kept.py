"""Days that once went wrong: each is played again for ever, with the story of what it found."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kept:
    """A day to play again, as far as it went wrong."""

    seed: int
    day: int
    hours: float
    story: str


KEPT: Final = (
    Kept(
        1, 1, 4.0,
        "A proxy answered 404 for an hour, so open reservations were told as gone; when the lists showed them again "
        "exactly as before, they stayed out of the open set.",
    ),
    Kept(
        1, 5, 11.0,
        "Every pending one was told as gone, the first page of the list failed, and the word was FRESH for want of an "
        "old row, while new reservations had not been looked for in five minutes.",
    ),
    Kept(
        1, 2, 7.5,
        "The machine's clock was a day ahead; at the next start, before any answer had told the time, acknowledgements "
        "were taken to have lapsed and were deleted.",
    ),
)  # fmt: skip
