"""Draws for large worlds: as ``random``'s own, without its checks, at a third of the cost."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from ``low`` up to but without ``high``; ``low`` where there is none."""
    return low + int(rng.random() * (high - low)) if high > low else low


def pick(rng: Random, items: Sequence[Item]) -> Item:
    """One of the items, each as likely as the others; repeat an item to make it likelier."""
    return items[int(rng.random() * len(items))]


def many(*weighted: tuple[Item, int]) -> tuple[Item, ...]:
    """Items repeated by their weights, to pick from."""
    return tuple(item for item, weight in weighted for _ in range(weight))
