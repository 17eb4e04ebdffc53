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
        1, 1, 3.6,
        "A proxy answered 404 for half an hour, so open reservations were told as gone; when the lists showed them "
        "again exactly as before, they stayed out of the open set.",
    ),
    Kept(
        6, 2, 2.0,
        "The machine slept for an hour, and for the first seconds after that the word was still FRESH.",
    ),
    Kept(
        6, 7, 3.0,
        "A confirm that failed was answered with 402: the journal had it as refused, as if nothing had been done.",
    ),
    Kept(
        3, 4, 1.0,
        "After a sleep of 40 hours the first look at the findings went by the time before it, so that a snooze that "
        "was long over still hid its finding.",
    ),
    Kept(
        77, 7, 1.9,
        "After a sleep of 40 hours the ends of all were learned at once; those that were over for more than a day were "
        "told and then forgotten, within one look, which was taken for a loss. The looks hear now what the desk tells.",
    ),
)  # fmt: skip
